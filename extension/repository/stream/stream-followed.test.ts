import { expect, it } from 'vitest';
import { streamedFolder } from '../../../test/fixtures/streamed-folder.ts';
import { createRepositoryStream } from './stream.ts';
import type { StreamIndexBuilder } from './stream-index.ts';

const folder = streamedFolder();
const { files, options, readAll } = folder;

const texts = {
  'a.ts': 'const a = 1;\n',
  'b.ts': 'const b = 2;\nlet c = b;\n',
  'c.ts': 'call(c);\n',
};

/** The path at each token, or null. */
function pathsOf(index: StreamIndexBuilder): (string | null)[] {
  return Array.from({ length: index.tokens }, (_, token) => {
    const place = index.locate(token);
    return place === null ? null : (index.files[place.file]?.path ?? null);
  });
}

it('maps what was dropped to nothing, and leaves the rest where it was', async () => {
  const { stream } = await readAll(await files(texts));
  const { index } = stream;
  const before = pathsOf(index);
  const { fileTokens } = index;
  const dropped = index.drop('b.ts');
  expect(dropped?.path).toBe('b.ts');
  expect(index.fileOf('b.ts')).toBeNull();
  expect(index.drop('b.ts')).toBeNull();
  expect(pathsOf(index)).toEqual(before.map((path) => (path === 'b.ts' ? null : path)));
  const { from = 0, to = 0 } = dropped ?? {};
  expect(index.fileTokens).toBe(fileTokens - (to - from));
  expect([...index.lines(from, to)].every((line) => line === 0)).toBe(true);
  expect([...index.protection(from, to)].every((kept) => kept === 0)).toBe(true);
});

it('gives files other paths at once, and keeps their places', async () => {
  const { stream } = await readAll(await files(texts));
  const { index } = stream;
  const before = pathsOf(index);
  index.rename([
    { from: 'a.ts', to: 'c.ts' },
    { from: 'c.ts', to: 'a.ts' },
    { from: 'none.ts', to: 'x.ts' },
  ]);
  const swapped: Record<string, string> = { 'a.ts': 'c.ts', 'c.ts': 'a.ts', 'b.ts': 'b.ts' };
  expect(pathsOf(index)).toEqual(before.map((path) => (path === null ? null : swapped[path])));
  expect(index.fileOf('x.ts')).toBeNull();
});

it('reads files behind what it has, with names of their own and only their tokens', async () => {
  const list = await files(texts);
  const { stream, tokens } = await readAll(list);
  const { index } = stream;
  const used = index.structure(0, index.tokens);
  index.drop('b.ts');
  const all = await files({ ...texts, 'b.ts': 'const b = 3;\n' });
  const added = all.filter(({ path }) => path === 'b.ts');
  const start = { index, tokens: tokens.length, addedTo: all };
  const more = createRepositoryStream(added, options({ start }));
  const read: number[] = [];
  const names: number[] = [];
  const units: number[] = [];
  for await (const chunk of more.chunks()) {
    read.push(...chunk.tokens);
    names.push(...chunk.structure.files);
    units.push(...chunk.structure.units);
  }
  expect(folder.tokenizer.detokenize(read)).toBe('<|file_sep|>b.ts\nconst b = 3;\n');
  expect(index.fileOf('b.ts')).toMatchObject({ from: tokens.length, lines: 1 });
  expect(index.tokens).toBe(tokens.length + read.length);
  expect(names.every((name) => name > Math.max(...used.files))).toBe(true);
  expect(units.every((unit) => unit > Math.max(...used.units))).toBe(true);
  expect(more.progress()).toMatchObject({ files: 1, totalFiles: 1, tokens: read.length });
});

it('ends anywhere: what is cut is dropped', async () => {
  const list = await files(texts);
  const { tokens } = await readAll(list);
  for (let end = 6; end <= tokens.length; end++) {
    const { stream } = await readAll(list);
    const { index } = stream;
    const whole = index.files.filter(({ to }) => to <= end).map(({ path }) => path);
    const cut = index.cutOff(end);
    expect(index.tokens).toBe(end);
    expect(index.files.map(({ path }) => path)).toEqual(whole);
    expect([...cut, ...whole].sort()).toEqual(Object.keys(texts));
    const last = index.files.at(-1)?.to ?? 0;
    expect(
      pathsOf(index)
        .slice(last)
        .every((path) => path === null),
    ).toBe(true);
    const start = { index, tokens: end, addedTo: list };
    const rest = list.filter(({ path }) => cut.includes(path));
    for await (const chunk of createRepositoryStream(rest, options({ start })).chunks()) {
      expect(chunk.tokens.length).toBeGreaterThan(0);
    }
    expect(index.files.map(({ path }) => path)).toEqual([
      ...whole,
      ...rest.map(({ path }) => path),
    ]);
    expect(index.fileTokens).toBe(index.files.reduce((sum, { from, to }) => sum + to - from, 0));
  }
});
