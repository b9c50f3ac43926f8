import { describe, expect, it } from 'vitest';
import type { SessionState } from '../../engine-client/session-state.ts';
import type { Progress } from '../../protocol/notifications/progress.ts';
import { refineOutcome, statusText } from './status-text.ts';
import { openResult } from '../../../test/fixtures/open-result.ts';

const progress: Progress = {
  phase: 'reading',
  files: 3,
  totalFiles: 10,
  tokens: 9_990,
  totalTokens: 10_000,
  tokensPerSecond: 1000,
  etaSeconds: 65,
  heldTokens: 900,
  budgetTokens: 1000,
};

const opened = openResult({
  budget: { tokens: 1_640, bytes: 2 * 1024 ** 2 },
  repository: { files: 7, tokens: 16_399, totalFiles: 7, totalTokens: 16_399 },
  memory: { ...openResult().memory, heldTokens: 1_639.9, logicalBytes: 2 * 1024 ** 2 },
});

function reading(change: Partial<SessionState & { kind: 'reading' }>): SessionState {
  return {
    kind: 'reading',
    result: null,
    cause: 'requested',
    progress,
    cancelling: false,
    notice: null,
    ...change,
  };
}

describe('statusText', () => {
  it('tells what was unloaded from what was not read', () => {
    expect(statusText({ kind: 'idle' }).tooltip).toContain('not been read');
    expect(statusText({ kind: 'idle', unloaded: false }).tooltip).toContain('not been read');
    const { tooltip } = statusText({ kind: 'idle', unloaded: true });
    expect(tooltip).toContain('brings the memory back');
  });

  it('counts up to 99 %, and says what is left', () => {
    const { text, tooltip } = statusText(reading({}));
    expect(text).toBe('$(sync~spin) Loci 99 %');
    expect(tooltip).toBe('Loci: read 9,990 of 10,000 tokens, 1 min 5 s left.');
  });

  it('does not count before there is something to count', () => {
    expect(statusText(reading({ progress: null })).text).toBe('$(sync~spin) Loci');
    expect(statusText(reading({ progress: { ...progress, totalTokens: 0 } })).text).toBe(
      '$(sync~spin) Loci',
    );
  });

  it('tells cancelling from reading', () => {
    expect(statusText(reading({ cancelling: true })).tooltip).toBe('Loci: cancelling…');
  });

  it('has one figure for what is remembered, of the whole repository', () => {
    expect(statusText({ kind: 'ready', result: opened, notice: null })).toEqual({
      text: '$(book) 10 %',
      tooltip: 'Loci: Remembers 10 % of this repository (1,640 of 16,399 tokens, 2.0 MiB).',
      severity: 'none',
    });
  });

  it('never calls a reading that stopped early all of it', () => {
    const repository = { files: 10, tokens: 1_640, totalFiles: 7_679, totalTokens: 1_639_910 };
    const stopped = { ...opened, repository, complete: false };
    expect(statusText({ kind: 'ready', result: stopped, notice: null })).toMatchObject({
      text: '$(book) < 0.1 %',
      tooltip:
        'Loci: Remembers < 0.1 % of this repository (1,640 of 1,639,910 tokens, 2.0 MiB). ' +
        'Reading stopped early. Answers use only the first 10 of 7,679 files.',
    });
  });

  it('says the whole sentence of a failure, and stands out', () => {
    expect(statusText({ kind: 'failed', code: 'internal', message: 'It broke.' })).toEqual({
      text: '$(error) Loci',
      tooltip: 'Loci: It broke.',
      severity: 'error',
    });
  });
});

describe('refining that ends', () => {
  it.each([
    [true, ['The budget was lowered.'], 'The memory was refined.'],
    [false, ['Everything is held already.'], 'Everything is held already.'],
    [false, [], 'The memory was not refined.'],
  ])('says so: %j, %j', (refined, notices, text) => {
    expect(refineOutcome({ refined, notices })).toBe(text);
  });
});
