import { describe, expect, it } from 'vitest';
import { describeExit } from './exit.ts';

describe('describeExit', () => {
  it('names the signal and the phase', () => {
    expect(describeExit({ code: null, signal: 'SIGKILL', lastError: null }, 'answering')).toBe(
      'The engine was killed (SIGKILL, as when memory runs out) while answering.',
    );
    expect(describeExit({ code: null, signal: 'SIGSEGV', lastError: null }, 'reading')).toBe(
      'The engine crashed (SIGSEGV) while reading the repository.',
    );
  });

  it('quotes the last words once, as part of the sentence', () => {
    expect(
      describeExit({ code: 134, signal: null, lastError: 'GGML_ASSERT(n > 0) failed.' }, 'loading'),
    ).toBe(
      'The engine stopped with exit code 134 while loading the model: GGML_ASSERT(n > 0) failed.',
    );
  });

  it('cuts long words', () => {
    const text = describeExit({ code: 1, signal: null, lastError: 'x'.repeat(5000) }, 'idle');
    expect(text.length).toBeLessThan(300);
    expect(text.endsWith('….')).toBe(true);
  });
});
