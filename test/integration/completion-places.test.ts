/** The engine at 200 cursor places of ordinary code: whatever the model writes, what is shown fits. */
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { complete } from '../../extension/engine/completing/complete.ts';
import type { CompleteParameters } from '../../extension/protocol/requests/complete.ts';
import { BenchModel } from '../quality/bench/model.ts';
import type { Repository } from '../../extension/engine/memory/repository.ts';
import { faultsOf } from '../quality/completions/faults.ts';
import { places } from '../quality/completions/places.ts';
import { fullRun } from '../tools/full-run.ts';
import { never, onSlowDevice, testGpu } from './support/engine.ts';
import { holdFolder } from './support/hold-folder.ts';
import { folderOf } from './support/folders.ts';

/** The model sees the folder's name, so each of these writes other completions. */
const [first, ...others] = ['notes', 'garden', 'a-b-c', 'loci-tJ2', 'x9', 'rivers'] as const;
const text = '# Notes\n\nOrders, weather, words and samples.\n';
const folder = await folderOf(
  Object.fromEntries([first, ...others].map((name) => [`${name}/notes.md`, text])),
);
const bench = await BenchModel.load(null, testGpu, never);
afterAll(() => {
  bench.dispose();
});

async function read(name: string): Promise<Repository> {
  const root = join(folder, name);
  return holdFolder(bench, root, { policy: 'streaming' });
}

let repository = await read(first);

async function completed(place: Omit<CompleteParameters, 'maxTokens'>): Promise<string> {
  const { path, prefix, suffix } = place;
  const context = { signal: never, askedAt: performance.now() };
  return (await complete(repository, { path, prefix, suffix, maxTokens: 16 }, context)).text;
}

const wanted = onSlowDevice ? places().filter((_, index) => index % 20 === 0) : places();

describe('completions at 200 places', () => {
  it.each([...(fullRun ? others : []), first])(
    "begin at their line's indentation, close and repeat nothing that stands there already: %s",
    async (name) => {
      repository = await read(name);
      const faults: string[] = [];
      let offered = 0;
      for (const place of wanted) {
        const text = await completed(place);
        if (text !== '') offered += 1;
        expect(text).not.toContain('\ufffd');
        if (place.kind === 'argument') expect(text).not.toContain('\n');
        for (const fault of faultsOf(place, text)) {
          faults.push(`${place.path}:${String(place.line)} ${fault}: ${JSON.stringify(text)}`);
        }
      }
      expect(faults).toEqual([]);
      // Otherwise nothing was tested.
      expect(offered).toBeGreaterThan(wanted.length / 4);
    },
  );

  it('are the same when they are asked for again behind an empty tail', async () => {
    const { completion } = repository.tails;
    for (const place of wanted.filter((_, index) => index % 20 === 0)) {
      completion.cut(0);
      const first = await completed(place);
      completion.cut(0);
      expect(await completed(place)).toBe(first);
    }
  });

  it('compute only what was typed since the one before', async () => {
    const line = 'const total = orders.filter((order) => order.paid).map((order) => order.sum);';
    const before = `${'// A line of a file.\n'.repeat(8)}function sum(orders) {\n  `;
    const [place] = [{ path: 'src/orders.js', prefix: before, suffix: '' }];
    repository.tails.completion.cut(0);
    const context = { signal: never, askedAt: performance.now() };
    let whole = 0;
    for (let typed = 0; typed < line.length; typed += 4) {
      const prefix = before + line.slice(0, typed);
      const { promptTokens, reusedTokens } = await complete(
        repository,
        { ...place, prefix, maxTokens: 4 },
        context,
      );
      if (typed === 0) whole = promptTokens;
      // Four characters, what healing takes back and the marks of what follows.
      else expect(promptTokens - reusedTokens).toBeLessThan(16);
    }
    expect(whole).toBeGreaterThan(50);
  });

  it('are the same with and without a newline at the end of the file', async () => {
    const place = { path: 'a.py', prefix: 'def add(a, b):\n    return ', suffix: '' };
    expect(await completed({ ...place, suffix: '\n' })).toBe(await completed(place));
    const line = { ...place, suffix: '\n\nprint(add(1, 2))' };
    expect(await completed({ ...line, suffix: `${line.suffix}\n` })).toBe(await completed(line));
  });

  it.each([
    ['an empty file', '', ''],
    ['blanks alone', '    ', ''],
    ['tabs and blanks', 'f() {\n  \t', '\n}\n'],
    ['a character of several bytes', 'say("日本', '")\n'],
    ['a character of two units', 'say("😀', '")\n'],
    ['half of a character', 'say("\ud83d', '")\n'],
    ['a word without an end', 'x'.repeat(5_000), '\n'],
    ['a line of blanks', ' '.repeat(5_000), '\n'],
    ['a bracket', 'print(', ')\n'],
    ['the end of a sentence', '# It ends. ', '\n'],
  ])('come or do not come, but do not fail: %s', async (_, prefix, suffix) => {
    const text = await completed({ path: 'a.py', prefix, suffix });
    const line = prefix.slice(prefix.lastIndexOf('\n') + 1);
    if (/^[\t ]+$/u.test(line)) expect(text).not.toMatch(/^\s/u);
  });
});
