import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StepProgress } from './step-progress.ts';
import type { MeasuringProgress } from './step-progress.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Work that takes so long. */
function lasting(seconds: number): () => Promise<void> {
  return () => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
}

function progressOver(tokens: number): { progress: StepProgress; told: MeasuringProgress[] } {
  const told: MeasuringProgress[] = [];
  return { progress: new StepProgress(tokens, (each) => told.push(each)), told };
}

describe('the progress of measuring', () => {
  it('says about how long it takes before the first step is done, and counts down within it', async () => {
    const { progress, told } = progressOver(1_000);
    expect(told).toEqual([{ tokens: 0, totalTokens: 1_000, etaSeconds: null }]);
    progress.expect(0.02);
    expect(told.at(-1)).toEqual({ tokens: 0, totalTokens: 1_000, etaSeconds: 20 });
    const step = progress.step(500, lasting(10));
    await vi.advanceTimersByTimeAsync(4_000);
    expect(told.at(-1)).toMatchObject({ tokens: 200, etaSeconds: 16 });
    await vi.advanceTimersByTimeAsync(6_000);
    await step;
    expect(told.at(-1)).toMatchObject({ tokens: 500, etaSeconds: 10 });
  });

  it('goes by the steps that are done once there are some, and waits where one takes longer', async () => {
    const { progress, told } = progressOver(1_000);
    progress.expect(0.001);
    const first = progress.step(500, lasting(10));
    await vi.advanceTimersByTimeAsync(9_000);
    expect(told.at(-1)?.tokens).toBe(475);
    await vi.advanceTimersByTimeAsync(1_000);
    await first;
    expect(told.at(-1)?.etaSeconds).toBeCloseTo(10);
    const second = progress.step(500, lasting(10));
    await vi.advanceTimersByTimeAsync(10_000);
    await second;
    expect(told.at(-1)).toEqual({ tokens: 1_000, totalTokens: 1_000, etaSeconds: 0 });
    const tokens = told.map((each) => each.tokens);
    expect(tokens).toEqual(tokens.toSorted((a, b) => a - b));
  });

  it('is silent once a step has failed', async () => {
    const { progress, told } = progressOver(1_000);
    const failure = progress.step(500, () => Promise.reject(new Error('cancelled')));
    await expect(failure).rejects.toThrow('cancelled');
    const { length } = told;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(told).toHaveLength(length);
  });
});
