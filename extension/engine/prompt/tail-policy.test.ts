import { describe, expect, it } from 'vitest';
import { attended, shareCompletion, shareTail } from './tail-policy.ts';

const request = {
  capacity: 512,
  questionTokens: 40,
  prefixTokens: 30,
  maxTokens: 64,
  recalls: true,
};

describe('shareTail', () => {
  it('gives recalled text what the question and the answer leave', () => {
    expect(shareTail(request)).toEqual({ answerTokens: 64, recallTokens: 512 - 40 - 30 - 64 });
  });

  it('keeps a greedy answer to half while there is text to recall', () => {
    expect(shareTail({ ...request, maxTokens: 4000 })).toEqual({
      answerTokens: 221,
      recallTokens: 221,
    });
    expect(shareTail({ ...request, maxTokens: 4000, recalls: false })).toEqual({
      answerTokens: 472,
      recallTokens: 0,
    });
  });

  it('never shares out more than there is', () => {
    for (let questionTokens = 0; questionTokens <= 450; questionTokens += 7) {
      for (const maxTokens of [1, 31, 32, 33, 500]) {
        const shares = shareTail({ ...request, questionTokens, maxTokens });
        expect(shares.answerTokens).toBeGreaterThan(0);
        expect(shares.recallTokens).toBeGreaterThanOrEqual(0);
        expect(
          shares.answerTokens + shares.recallTokens + questionTokens + request.prefixTokens,
        ).toBeLessThanOrEqual(512);
      }
    }
  });

  it('refuses a question that leaves no answer, with the numbers', () => {
    expect(() => shareTail({ ...request, questionTokens: 451 })).toThrow(/451 tokens.*512/);
    expect(() => shareTail({ ...request, questionTokens: 600, recalls: false })).toThrow(/600/);
  });
});

describe('attended', () => {
  it('is the recalled text where there is any', () => {
    expect(attended(0)).toBe('memory');
    expect(attended(2)).toBe('recalled');
  });
});

describe('shareCompletion', () => {
  it('takes half of the tail, three quarters of it before the cursor', () => {
    expect(shareCompletion(512, 16)).toEqual({ prefixTokens: 180, suffixTokens: 60 });
    expect(shareCompletion(4096, 10)).toEqual({ prefixTokens: 512, suffixTokens: 128 });
    expect(shareCompletion(64, 60)).toEqual({ prefixTokens: 0, suffixTokens: 0 });
  });
});
