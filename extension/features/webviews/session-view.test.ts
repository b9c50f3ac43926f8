import { describe, expect, it } from 'vitest';
import { toChatSchema } from '../../protocol/webview.ts';
import { groupSkipped, toSessionView } from './session-view.ts';
import { statusText } from '../status/status-text.ts';
import { openResult } from '../../../test/fixtures/open-result.ts';

const result = openResult({
  repository: { files: 3, tokens: 12_000, totalFiles: 3, totalTokens: 12_000 },
  memory: { ...openResult().memory, heldTokens: 1199.5, logicalBytes: 3900 },
  timings: { loadMs: 10, ingestMs: 2500, ingestTokensPerSecond: 4800 },
  files: [{ path: 'a.ts', tokens: 100, kept: 0.5 }],
  skipped: [{ path: '.env', reason: 'secret' }],
  notices: ['The budget was lowered.'],
});

describe('toSessionView', () => {
  it('tells an empty window from one that has not been read', () => {
    expect(toSessionView({ kind: 'idle' }, false)).toEqual({ kind: 'no-folder' });
    expect(toSessionView({ kind: 'idle' }, true)).toEqual({ kind: 'idle' });
    const unloaded = { kind: 'idle', unloaded: true } as const;
    expect(toSessionView(unloaded, true)).toEqual(unloaded);
  });

  it('keeps the notice of a crash apart from those of the reading, and passes the schema', () => {
    const session = toSessionView({ kind: 'ready', result, notice: 'It crashed.' }, true);
    expect(session).toMatchObject({
      summary: { alert: 'It crashed.', notices: ['The budget was lowered.'], readSeconds: 2.5 },
    });
    expect(toChatSchema.safeParse({ type: 'session', session }).success).toBe(true);
  });
});

describe('the earlier memory', () => {
  const reading = { cause: 'requested', progress: null, cancelling: false, notice: null } as const;

  it('is shown beside the progress for as long as it answers', () => {
    const session = toSessionView({ kind: 'reading', ...reading, result }, true, 3);
    expect(session).toMatchObject({
      kind: 'reading',
      summary: { tokens: 12_000, changedFiles: 3 },
    });
    expect(toChatSchema.safeParse({ type: 'session', session }).success).toBe(true);
    expect(toSessionView({ kind: 'reading', ...reading, result: null }, true)).toEqual({
      kind: 'reading',
      ...reading,
      summary: null,
    });
  });
});

describe('a memory that has other settings than those of now', () => {
  const outdated =
    'This memory was read with the bundled model; use Read Again to apply the new settings.';

  it('is said to, in the views and in the status bar, unless another is read already', () => {
    const state = { kind: 'ready', result, notice: null } as const;
    expect(toSessionView(state, true, 0, outdated)).toMatchObject({ summary: { outdated } });
    expect(toSessionView(state, true, 0)).toMatchObject({ summary: { outdated: null } });
    expect(statusText(state, outdated).tooltip).toContain(outdated);
    const begun = { cause: 'settings', progress: null, cancelling: false, notice: null } as const;
    const reading = toSessionView({ kind: 'reading', ...begun, result }, true, 0, outdated);
    expect(reading).toMatchObject({ summary: { outdated: null } });
  });
});

describe('a refined memory', () => {
  it('is called so beside its policy', () => {
    const refined = { ...result, policy: 'default', refined: true } as const;
    expect(toSessionView({ kind: 'ready', result: refined, notice: null }, true)).toMatchObject({
      summary: { policy: 'default, refined' },
    });
    expect(statusText({ kind: 'ready', result: refined, notice: null }).tooltip).toMatch(
      /^Loci: Remembers 10 % of this repository \(1,200 of 12,000 tokens, 3\.8 KiB\)\. The memory was refined\.$/,
    );
  });
});

describe('groupSkipped', () => {
  it('counts all and lists the first hundred', () => {
    const binaries = Array.from({ length: 250 }, (_, i) => ({
      path: `b${String(i)}.png`,
      reason: 'binary' as const,
    }));
    const groups = groupSkipped([
      { path: 'a.txt', reason: 'secret', detail: 'contains a private key' },
      ...binaries,
    ]);
    expect(groups.map(({ reason, count }) => [reason, count])).toEqual([
      ['secret', 1],
      ['binary', 250],
    ]);
    expect(groups[1]?.paths).toHaveLength(100);
    expect(groups[0]?.details).toEqual(['contains a private key']);
    expect(groups[1]?.details).toHaveLength(100);
  });
});
