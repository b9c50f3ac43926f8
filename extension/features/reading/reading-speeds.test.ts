import { expect, it } from 'vitest';
import type { OpenResult } from '../../protocol/requests/open.ts';
import { ReadingSpeeds } from './reading-speeds.ts';
import { openResult } from '../../../test/fixtures/open-result.ts';

class Store {
  readonly #values = new Map<string, unknown>();
  get = (key: string): unknown => this.#values.get(key);
  update = (key: string, value: unknown): Promise<void> => {
    this.#values.set(key, structuredClone(value));
    return Promise.resolve();
  };
}

function read(speed: number, change: Partial<OpenResult> = {}): OpenResult {
  const timings = { loadMs: 1, ingestMs: 1, ingestTokensPerSecond: speed };
  return openResult({ timings, ...change });
}

const here = { modelPath: '/m.gguf', gpu: 'auto' } as const;

it('is the last speed of this model on this device, in a later session too', () => {
  const store = new Store();
  const speeds = new ReadingSpeeds(store);
  expect(speeds.get(here)).toBeNull();
  speeds.keep(read(80), () => here);
  speeds.keep(read(90), () => here);
  expect(new ReadingSpeeds(store).get(here)).toBe(90);
  expect(speeds.get({ ...here, gpu: 'cpu' })).toBeNull();
  expect(speeds.get({ ...here, modelPath: null })).toBeNull();
});

it('takes nothing from a refinement, from a tiny reading or from settings without sense', () => {
  const speeds = new ReadingSpeeds(new Store());
  speeds.keep(read(80, { refined: true }), () => here);
  speeds.keep(
    read(80, { repository: { files: 1, tokens: 999, totalFiles: 1, totalTokens: 999 } }),
    () => here,
  );
  speeds.keep(read(0), () => here);
  speeds.keep(read(80), () => {
    throw new Error('"fast" is not a device.');
  });
  expect(speeds.get(here)).toBeNull();
});

it('forgets the oldest of many, and whatever else the store may hold', () => {
  const store = new Store();
  const speeds = new ReadingSpeeds(store);
  for (let i = 0; i <= 50; i++) {
    speeds.keep(read(i + 1), () => ({ modelPath: String(i), gpu: 'cpu' }));
  }
  expect(speeds.get({ modelPath: '0', gpu: 'cpu' })).toBeNull();
  expect(speeds.get({ modelPath: '50', gpu: 'cpu' })).toBe(51);
  void store.update('loci.readingSpeeds', [['a', 'fast']]);
  expect(speeds.get({ modelPath: '50', gpu: 'cpu' })).toBeNull();
});
