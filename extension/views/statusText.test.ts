import { describe, expect, it } from 'vitest';
import type { SessionState } from '../engineClient/sessionState.ts';
import type { Progress } from '../protocol/engine.ts';
import { statusText } from './statusText.ts';

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
  it('counts up to 99 %, and says what is left', () => {
    const { text, tooltip } = statusText(reading({}));
    expect(text).toBe('$(sync~spin) Loci 99%');
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

  it('says the whole sentence of a failure, and stands out', () => {
    expect(statusText({ kind: 'failed', code: 'x', message: 'It broke.' })).toEqual({
      text: '$(error) Loci',
      tooltip: 'Loci: It broke.',
      severity: 'error',
    });
  });
});
