import { describe, expect, it } from 'vitest';
import { cosinesOfLast, keyProfileNeeds, keyWeights, measureKeyProfile } from './key-profile.ts';
import type { KeyProfileRequest } from './key-profile.ts';
import type { NativeMemoryOptions } from '../../native/contract.ts';
import { alikeLayers } from '../../../models/layer-table.ts';

describe('keyWeights', () => {
  it('gives by the square of what is missing to 1', () => {
    const [a = 0, b = 0, c = 0] = keyWeights([0.8, 0.7, 0.6]);
    expect(b / a).toBeCloseTo(9 / 4, 10);
    expect(c / a).toBeCloseTo(4, 10);
    expect(a + b + c).toBeCloseTo(3, 10);
  });

  it('gives none less than a quarter of the mean', () => {
    const weights = keyWeights([1, 1, 0.5, 0.99]);
    expect(weights[0]).toBe(0.25);
    expect(weights[1]).toBe(0.25);
    expect(weights[3]).toBe(0.25);
    expect(weights[2]).toBeCloseTo(4 * (0.25 / 0.2501), 10);
  });

  it.each([[[1, 1, 1]], [[0.7, 0.7, 0.7]], [[1 + 1e-9, 1, 1]], [[NaN, NaN]]])(
    'counts all alike where %s says nothing',
    (cosines) => {
      expect([...keyWeights(cosines)]).toEqual(cosines.map(() => expect.closeTo(1, 10) as number));
    },
  );

  it('is positive and finite, whatever comes', () => {
    for (const weight of keyWeights([-3, NaN, 2, 0, 1e-300])) {
      expect(weight).toBeGreaterThan(0);
      expect(Number.isFinite(weight)).toBe(true);
    }
  });
});

describe('cosinesOfLast', () => {
  const rows = (...values: number[]): Float32Array => Float32Array.from(values);

  it('compares the last rows of each', () => {
    const a = rows(9, 9, 1, 0, 3, 4);
    const b = rows(2, 0, 4, 3);
    expect(cosinesOfLast(a, b, 1, 2)).toBeCloseTo(24 / 25, 6);
    expect(cosinesOfLast(a, b, 2, 2)).toBeCloseTo(1 + 24 / 25, 6);
  });

  it('takes a key of length zero to be like another such key alone', () => {
    expect(cosinesOfLast(rows(0, 0), rows(0, 0), 1, 2)).toBe(1);
    expect(cosinesOfLast(rows(0, 0), rows(0, 1), 1, 2)).toBe(0);
  });
});

describe('keyProfileNeeds', () => {
  it('counts both memories and what each reads at once', () => {
    expect(keyProfileNeeds(1024)).toEqual({ room: 1024 + 64 + 256 + 64, positions: 1088 });
  });
});

/**
 * Memories whose keys turn with the layer and with how many tokens were read, where not all of them
 * are held; `onAppend` hears how much was read.
 */
function fakeModel(onAppend: (read: number) => void = () => undefined) {
  const created: NativeMemoryOptions[] = [];
  let open = 0;
  const createMemory: KeyProfileRequest['model']['createMemory'] = (options) => {
    created.push(options);
    open += 1;
    const [budget, partial] = [options.budgetTokens, options.policy.name !== 'full'];
    let read = 0;
    const rows = (): number => Math.min(read, budget);
    return Promise.resolve({
      append: (tokens: Int32Array) => {
        read += tokens.length;
        onAppend(read);
        return Promise.resolve();
      },
      keys: (layer: number, head: number, last = rows()) => {
        const angle = partial && read > budget ? 0.1 * layer * (head + 1) : 0;
        const key = [Math.cos(angle), Math.sin(angle)];
        return Promise.resolve(Float32Array.from(Array.from({ length: last }, () => key).flat()));
      },
      dispose: () => {
        open -= 1;
      },
    });
  };
  return { model: { createMemory }, created, left: () => open };
}

function requestFor(model: KeyProfileRequest['model'], signal: AbortSignal): KeyProfileRequest {
  const addon = { createCancellation: () => ({ cancel: () => undefined, cancelled: false }) };
  return {
    addon,
    model,
    metadata: { table: alikeLayers(3, 2, 64) },
    heads: false,
    threads: 1,
    signal,
  };
}

describe('measureKeyProfile', () => {
  const tokens = new Int32Array(1000); // the last piece is not full
  const never = new AbortController().signal;

  it('compares layer by layer, or head by head, and releases both memories', async () => {
    const { model, created, left } = fakeModel();
    const [none, first = 0, second = 0] = await measureKeyProfile(requestFor(model, never), tokens);
    expect(none).toBe(0.25);
    const lacks = (layer: number): number => 2 - Math.cos(0.1 * layer) - Math.cos(0.1 * layer * 2);
    expect(first + second).toBeGreaterThan(2.9);
    expect(second).toBeCloseTo((3 * lacks(2) ** 2) / (lacks(1) ** 2 + lacks(2) ** 2), 3);
    const heads = await measureKeyProfile({ ...requestFor(model, never), heads: true }, tokens);
    expect(heads).toHaveLength(6);
    expect(Math.max(...heads)).toBe(heads[5]);
    expect(left()).toBe(0);
    const room = created.slice(0, 2).reduce((sum, o) => sum + o.budgetTokens + o.chunkTokens, 0);
    expect(room).toBe(keyProfileNeeds(tokens.length).room);
  });

  it('stops when it is cancelled, and releases both memories', async () => {
    const stop = new AbortController();
    const { model, left } = fakeModel((read) => {
      if (read > 300) stop.abort();
    });
    await expect(measureKeyProfile(requestFor(model, stop.signal), tokens)).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(left()).toBe(0);
  });
});
