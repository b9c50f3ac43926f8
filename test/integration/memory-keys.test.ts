/** The addon hands out the keys that a memory holds, and refuses a head that is not there. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type {
  NativeAddon,
  NativeMemory,
  NativeModel,
} from '../../extension/engine/native/contract.ts';
import { loadBundledModel } from './support/bundled-model.ts';
import { failureOf } from './support/engine.ts';

let addon: NativeAddon;
let model: NativeModel;

beforeAll(async () => {
  ({ addon, model } = await loadBundledModel());
});

afterAll(() => {
  model.dispose();
});

function createMemory(policy: string, layout: string): Promise<NativeMemory> {
  return model.createMemory({
    budgetTokens: 96,
    chunkTokens: 64,
    policy: { name: policy, parameters: { layout } },
    kvType: 'f16',
    threads: 1,
    cacheDirectory: null,
    cancellation: addon.createCancellation(),
  });
}

const cancellation = () => ({ cancellation: addon.createCancellation() });

it.each(['rectangular', 'ragged'])('gives a key for every row held, %s', async (layout) => {
  const memory = await createMemory('snapkv', layout);
  for (let chunk = 0; chunk < 3; chunk++) {
    const tokens = Int32Array.from({ length: 64 }, (_, i) => 40 + ((chunk * 64 + i * 7) % 300));
    await memory.append(tokens, cancellation());
  }
  const { layers, kvHeads, headSize } = model.info;
  const keys = await memory.keys(layers - 1, kvHeads - 1);
  const rows = memory.held(layers - 1, kvHeads - 1).length;
  expect(rows).toBeLessThan(192);
  expect(keys).toHaveLength(rows * headSize);
  expect(keys.every(Number.isFinite) && keys.some((value) => value !== 0)).toBe(true);
  expect(await memory.keys(layers - 1, kvHeads - 1)).toEqual(keys);
  expect(await memory.keys(layers - 1, 0)).not.toEqual(keys);
  memory.dispose();
});

it('refuses what is no head of the model, and a memory at work', async () => {
  const memory = await createMemory('full', 'rectangular');
  const { layers, kvHeads } = model.info;
  expect(await failureOf(memory.keys(layers, 0))).toMatchObject({ code: 'invalid-argument' });
  expect(await failureOf(memory.keys(0, kvHeads))).toMatchObject({ code: 'invalid-argument' });
  for (const wrong of [-1, 0.5, NaN, Infinity, '0' as unknown as number]) {
    expect(() => memory.keys(wrong, 0)).toThrow(/layer/);
    expect(() => memory.keys(0, wrong)).toThrow(/head/);
  }
  const reading = memory.append(Int32Array.of(50, 51, 52), cancellation());
  expect(() => memory.keys(0, 0)).toThrow(/busy/);
  await reading;
  expect(await memory.keys(0, 0)).toHaveLength(3 * model.info.headSize);
  memory.dispose();
  expect(() => memory.keys(0, 0)).toThrow(/released/);
});
