/** The measurement itself, on the bundled model and on other families of models. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { walkRepository } from '../../extension/repository/files/walk.ts';
import type { Cell } from '../quality/bench/axes.ts';
import { holdOut } from '../quality/bench/hold-out.ts';
import { measureGrid } from '../quality/bench/measure.ts';
import { BenchModel } from '../quality/bench/model.ts';
import type { Run } from '../quality/bench/results.ts';
import { GeneratedSources, GivenSource } from '../quality/bench/sources.ts';
import type { Sources } from '../quality/bench/sources.ts';
import { figure, rowsOf } from '../quality/bench/summary.ts';
import { shapes, writeRandomModel } from '../tools/random-gguf.ts';
import { failureOf, never, testGpu } from './support/engine.ts';
import { folderOf, temporaryFolder } from './support/folders.ts';

const cell: Cell = { length: 1, mode: 'streaming', kvType: 'f16', policy: 'laprox', budget: '25%' };

async function measure(
  bench: BenchModel,
  sources: Sources,
  cells: readonly Cell[],
  signal = never,
  onRun: (run: Run) => void = () => undefined,
): Promise<Run[]> {
  const runs: Run[] = [];
  const grid = {
    cells,
    references: [],
    repositories: 1,
    recalls: ['off' as const],
    bytesOf: null,
  };
  const listener = {
    onRun: (run: Run) => {
      runs.push(run);
      onRun(run);
      return Promise.resolve();
    },
    onStatus: () => undefined,
    onLine: () => undefined,
  };
  try {
    await measureGrid(bench, sources, grid, [], listener, signal);
  } finally {
    await sources.close();
  }
  return runs;
}

describe('a measurement', () => {
  it.each(['llama', 'qwen2', 'qwen3'] as const)(
    'of the loss works with models of the %s family',
    async (architecture) => {
      const path = join(await temporaryFolder(), `${architecture}.gguf`);
      await writeRandomModel(path, { ...shapes.brief, architecture }, 5);
      const bench = await BenchModel.load(path, testGpu, never);
      const sources = new GeneratedSources(bench, { seed: 3, questions: 6 }, ['loss']);
      const runs = await measure(bench, sources, [{ ...cell, length: 2, budget: '256' }]);
      bench.dispose();
      expect(runs.map(({ failure }) => failure)).toEqual([null]);
      const [row] = rowsOf(runs);
      const loss = row === undefined ? null : figure(row, 'loss');
      // Random weights know nothing: at least as bad as guessing among all tokens, and finite.
      expect(loss?.mean).toBeGreaterThan(0.8 * Math.log(shapes.brief.vocabulary));
      expect(loss?.mean).toBeLessThan(10 * Math.log(shapes.brief.vocabulary));
    },
  );

  it('reports what the engine refuses and stops when it is told to', async () => {
    const bench = await BenchModel.load(null, testGpu, never);
    const stop = new AbortController();
    const runs: Run[] = [];
    const sources = new GeneratedSources(bench, { seed: 3, questions: 6 }, ['loss', 'copy']);
    const failure = await failureOf(
      measure(
        bench,
        sources,
        [
          { ...cell, length: 0.4, policy: 'no-such' },
          { ...cell, length: 0.4, mode: 'after-prefill' },
          { ...cell, length: 0.4, mode: 'after-prefill', policy: 'streaming' },
          { ...cell, length: 3, mode: 'after-prefill' },
          cell,
        ],
        stop.signal,
        (run) => {
          runs.push(run);
          if (runs.length === 4) stop.abort();
        },
      ).catch((error: unknown) => {
        throw stop.signal.aborted
          ? Object.assign(new Error('', { cause: error }), { code: 'stopped' })
          : error;
      }),
    );
    bench.dispose();
    expect(failure.code).toBe('stopped');
    const [unknown, after, recent, long] = runs;
    expect(unknown?.failure).toContain('no-such');
    expect(after?.failure).toBeNull();
    expect(recent?.failure).toBeNull();
    expect(long?.failure).toMatch(/before they are compressed/);
    expect(runs).toHaveLength(4);
    expect(after?.heldTokens).toBeLessThanOrEqual(after?.budgetTokens ?? 0);
    expect(after?.peakKvBytes).toBeLessThanOrEqual(
      (after?.budgetBytes ?? 0) + (after?.chunkBytes ?? 0),
    );
    const lossOf = (run: Run | undefined): number =>
      run?.items.reduce((sum, { nats }) => sum + (nats ?? 0), 0) ?? NaN;
    expect(lossOf(after)).toBeGreaterThan(0);
    expect(lossOf(after)).not.toBe(lossOf(recent));
  });
});

describe('a repository as it is', () => {
  it('is asked for what its held-out files import and call', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 12 }, (_, index) => {
        const other = (index + 1) % 12;
        return [
          `src/part${String(index)}.ts`,
          `import { compute${String(other)}thing } from './part${String(other)}.ts';\n\nexport function compute${String(index)}thing(input: number): number {\n  return compute${String(other)}thing(input + ${String(index)});\n}\n`,
        ];
      }),
    );
    const root = await folderOf(files);
    const options = { seed: 1, questions: 10 };
    const listing = await walkRepository([root], {});
    const held = await holdOut(listing, { ...options, signal: never });
    expect(held.listing.files).toHaveLength(10);
    expect(held.items.length).toBeGreaterThanOrEqual(1);
    for (const { heldOutPath, path, prefix, expected } of held.items) {
      const text: string = files[heldOutPath] ?? '';
      expect(text).toContain(prefix + expected);
      expect(held.listing.files.map((file) => file.path)).not.toContain(heldOutPath);
      expect(held.listing.files.map((file) => file.path)).toContain(path);
    }
    const bench = await BenchModel.load(null, testGpu, never);
    const [run] = await measure(bench, new GivenSource(root, options), [
      { ...cell, length: 0, budget: '128' },
    ]);
    bench.dispose();
    expect(run?.failure).toBeNull();
    expect(run?.items).toHaveLength(held.items.length);
  });
});
