import { describe, expect, it } from 'vitest';
import { fromViewSchema, longestQuestion, toChatSchema, toMemorySchema } from './webview.ts';

describe('messages from a view', () => {
  it.each([
    { type: 'loaded' },
    { type: 'ask', question: 'Why?' },
    { type: 'action', action: 'restart' },
    { type: 'open', path: 'src/a.ts', fromLine: 3, toLine: null },
    { type: 'copy', id: 2 },
  ])('accepts %j', (message) => {
    expect(fromViewSchema.safeParse(message).success).toBe(true);
  });

  it.each([
    null,
    'loaded',
    { type: 'action', action: 'workbench.action.terminal.new' },
    { type: 'ask', question: '' },
    { type: 'ask', question: 'x'.repeat(longestQuestion + 1) },
    { type: 'open', path: 'src/a.ts', fromLine: 0, toLine: null },
    { type: 'open', path: 7, fromLine: null, toLine: null },
    { type: 'command', command: 'x' },
  ])('refuses %j', (message) => {
    expect(fromViewSchema.safeParse(message).success).toBe(false);
  });
});

describe('messages to a view', () => {
  it('name a failure by a code that is known', () => {
    const failed = (code: string): unknown => ({
      type: 'session',
      session: { kind: 'failed', code, message: 'It failed.' },
    });
    expect(toChatSchema.safeParse(failed('engine-crashed')).success).toBe(true);
    expect(toChatSchema.safeParse(failed('repository-empty')).success).toBe(true);
    expect(toChatSchema.safeParse(failed('engine-crash')).success).toBe(false);
  });

  it('refuse shares beyond one and unknown states', () => {
    const memory = { type: 'memory', session: { kind: 'idle' } };
    const file = { path: 'a.ts', tokens: 1, kept: 1 };
    expect(toMemorySchema.safeParse({ ...memory, files: [file] }).success).toBe(true);
    expect(toMemorySchema.safeParse({ ...memory, files: [{ ...file, kept: 2 }] }).success).toBe(
      false,
    );
    expect(toChatSchema.safeParse({ type: 'session', session: { kind: 'busy' } }).success).toBe(
      false,
    );
  });
});
