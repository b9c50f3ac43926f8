/** The addon takes what the token stream says about its tokens, and refuses what does not fit them. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type {
  NativeAddon,
  NativeMemory,
  NativeModel,
  TokenStructure,
} from '../../extension/engine/native/contract.ts';
import { createLayout } from '../../extension/repository/stream/layout.ts';
import { createRepositoryStream } from '../../extension/repository/stream/stream.ts';
import { lineUnits } from '../../extension/repository/structure/line-units.ts';
import { walkRepository } from '../../extension/repository/files/walk.ts';
import { loadBundledModel } from './support/bundled-model.ts';
import { failureOf } from './support/engine.ts';
import { folderOf } from './support/folders.ts';

let addon: NativeAddon;
let model: NativeModel;
let memory: NativeMemory;

beforeAll(async () => {
  ({ addon, model } = await loadBundledModel());
  memory = await model.createMemory({
    budgetTokens: 256,
    chunkTokens: 64,
    policy: { name: 'laprox', parameters: {} },
    kvType: 'f16',
    threads: 1,
    cacheDirectory: null,
    cancellation: addon.createCancellation(),
  });
});

afterAll(() => {
  memory.dispose();
  model.dispose();
});

it('takes the structure of every chunk of a repository', async () => {
  const member = (_: unknown, index: number): string => `  name${index}: ${index},\n`;
  const root = await folderOf({
    'src/limits.ts': `export const limits = {\n${Array.from({ length: 60 }, member).join('')}};\n`,
    'src/run.py': 'from a import (\n    b,\n)\n\ndef run():\n    return 42\n',
  });
  const stream = createRepositoryStream((await walkRepository([root])).files, {
    tokenizer: model,
    layout: createLayout(model, model.info.tokens),
    name: 'sample',
    prologue: Int32Array.of(model.info.tokens.bos),
    chunkTokens: 64,
  });
  const seen = new Set<number>();
  for await (const { tokens, protect, structure } of stream.chunks()) {
    for (const unit of structure.raised) seen.add(unit);
    await memory.append(tokens, { protect, structure, cancellation: addon.createCancellation() });
  }
  expect(memory.report().streamTokens).toBe(stream.index.tokens);
  expect(stream.index.tokens).toBeGreaterThan(256 + 64);
  expect([...seen].sort()).toEqual([0, 1, 2, 3, 5, 6]);
});

it('refuses a structure that does not name every token once', async () => {
  const before = memory.report().streamTokens;
  const tokens = model.tokenize('const a = 1;\n', { special: false });
  const count = tokens.length;
  const sound: TokenStructure = {
    units: new Int32Array(count),
    raised: new Uint8Array(count),
    files: new Int32Array(count),
  };
  for (const wrong of [
    { units: new Int32Array(count - 1) },
    { raised: new Uint8Array(count + 1) },
    { files: new Int32Array(1) },
  ]) {
    const structure = { ...sound, ...wrong };
    const appending = memory.append(tokens, {
      structure,
      cancellation: addon.createCancellation(),
    });
    expect(await failureOf(appending)).toEqual({
      code: 'invalid-argument',
      message: 'The structure must name every token once.',
    });
  }
  expect(memory.report().streamTokens).toBe(before);
});

it('costs little next to tokenising the same text', () => {
  const path = new URL('../../extension/repository/stream/stream.ts', import.meta.url);
  const code = readFileSync(path, 'utf8').repeat(10);
  const fastest = (work: () => unknown): number => {
    const times = Array.from({ length: 5 }, () => {
      const startedAt = performance.now();
      work();
      return performance.now() - startedAt;
    });
    return Math.min(...times);
  };
  const structure = fastest(() => lineUnits('a.ts', code));
  const tokens = fastest(() => model.tokenize(code, { special: false }));
  expect(structure).toBeLessThan(tokens);
});
