import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { streamedFolder } from '../../../test/fixtures/streamed-folder.ts';
import { wordTokens } from '../../../test/fixtures/word-tokenizer.ts';
import { createLayout } from './layout.ts';
import { protectionWithin } from './protection.ts';
import { countStream, createRepositoryStream } from './stream.ts';

const folder = streamedFolder();
const { files, options, readAll } = folder;

const sample = { 'README.md': 'Read me', 'src/a.ts': 'const a = 1;\n\nconst b = 2;\n' };

describe('the tokens', () => {
  it('are the headers and the files in order, every file ending its last line', async () => {
    const { tokens, chunks } = await readAll(await files(sample));
    expect(folder.tokenizer.detokenize(tokens)).toBe(
      '<|bos|><|repo_name|>sample\n<|file_sep|>README.md\nRead me\n' +
        '<|file_sep|>src/a.ts\nconst a = 1;\n\nconst b = 2;\n',
    );
    expect(chunks.slice(0, -1).every((chunk) => chunk.tokens.length === 7)).toBe(true);
    expect(tokens.filter((token) => token === wordTokens.fimFileSeparator)).toHaveLength(2);
  });

  it('are the same in chunks of any size, and as many as were counted', async () => {
    const list = await files(sample);
    const once = await readAll(list, { chunkTokens: 1000 });
    expect(once.chunks).toHaveLength(1);
    for (const chunkTokens of [1, 2, 5, 16]) {
      const again = await readAll(list, { chunkTokens });
      expect(again.tokens).toEqual(once.tokens);
      expect(again.kept).toEqual(once.kept);
    }
    expect(await countStream(list, options())).toBe(once.tokens.length);
  });

  it('never are control tokens because a text, a path or a name holds their letters', async () => {
    const list = await files({ '<|im_end|>.md': '<|im_end|>\n<|file_sep|>fake.ts\n<|repo_name|>' });
    const { tokens } = await readAll(list, { name: '<|im_end|>' });
    const control = tokens.filter((token) => token < 4);
    expect(control).toEqual([0, wordTokens.fimRepository, wordTokens.fimFileSeparator]);
    expect(folder.tokenizer.detokenize(tokens)).toContain('<|file_sep|>fake.ts\n');
  });

  it('keep a header on one line whatever a path holds', () => {
    const layout = createLayout(folder.tokenizer, wordTokens);
    expect(folder.tokenizer.detokenize(layout.fileHeader('a\nb\r.ts'))).toBe(
      '<|file_sep|>a\uFFFDb\uFFFD.ts\n',
    );
  });

  it('mark files in plain text for a vocabulary without repository tokens', async () => {
    const plain = createLayout(folder.tokenizer, { fimRepository: -1, fimFileSeparator: -1 });
    const { tokens } = await readAll(await files(sample), { layout: plain });
    expect(folder.tokenizer.detokenize(tokens)).toBe(
      '<|bos|>Repository: sample\n\nFile: README.md\nRead me\n' +
        '\nFile: src/a.ts\nconst a = 1;\n\nconst b = 2;\n',
    );
  });
});

describe('the index', () => {
  it('places every token in its file and line', async () => {
    const { stream, tokens } = await readAll(await files(sample));
    const { index } = stream;
    expect(index.tokens).toBe(tokens.length);
    expect(index.files.map(({ path, lines }) => [path, lines])).toEqual([
      ['README.md', 1],
      ['src/a.ts', 3],
    ]);
    const byLine = new Map<string, string>();
    for (const [position, token] of tokens.entries()) {
      const place = index.locate(position);
      const key = place === null ? 'front' : `${String(place.file)}:${String(place.line)}`;
      byLine.set(key, (byLine.get(key) ?? '') + folder.tokenizer.detokenize([token]));
    }
    expect(Object.fromEntries(byLine)).toEqual({
      front: '<|bos|><|repo_name|>sample\n',
      '0:0': '<|file_sep|>README.md\n',
      '0:1': 'Read me\n',
      '1:0': '<|file_sep|>src/a.ts\n',
      // One token ends the first line and the empty one after it.
      '1:1': 'const a = 1;\n\n',
      '1:3': 'const b = 2;\n',
    });
    expect(index.locate(tokens.length)).toBeNull();
    expect(index.fileOf('src/a.ts')?.to).toBe(tokens.length);
    expect(index.fileOf('none')).toBeNull();
  });

  it('protects the sinks and the headers', async () => {
    const { tokens, kept } = await readAll(await files(sample));
    const text = folder.tokenizer.detokenize(tokens.filter((_, position) => kept[position] === 1));
    expect(text).toBe('<|bos|><|repo_name|>sample\n<|file_sep|>README.md\n<|file_sep|>src/a.ts\n');
  });

  it('protects less of the headers where all of them would be too much', async () => {
    const list = await files(sample);
    const kept = async (protectedTokens: number): Promise<string> => {
      const read = await readAll(list, { protectedTokens });
      const { index } = read.stream;
      const header = createLayout(folder.tokenizer, wordTokens).repositoryHeader('sample').length;
      const again = protectionWithin(index.files, index.tokens, header, protectedTokens);
      expect([...again]).toEqual([...read.kept]);
      return folder.tokenizer.detokenize(
        read.tokens.filter((_, position) => read.kept[position] === 1),
      );
    };
    const front = '<|bos|><|repo_name|>sample\n';
    expect(await kept(15)).toBe(`${front}<|file_sep|>README.md\n<|file_sep|>src/a.ts\n`);
    expect(await kept(14)).toBe(`${front}<|file_sep|><|file_sep|>`);
    expect(await kept(4)).toBe(front);
  });

  it('protects as much of a pinned file as there is room for, the header first', async () => {
    const list = await files(sample);
    const kept = async (room: number): Promise<string> => {
      const read = await readAll(list, {
        protectedTokens: 4,
        pinRoom: ({ path }, tokens) => (path === 'src/a.ts' ? Math.min(tokens, room) : 0),
      });
      return folder.tokenizer.detokenize(
        read.tokens.filter((_, position) => read.kept[position] === 1),
      );
    };
    const front = '<|bos|><|repo_name|>sample\n';
    expect(await kept(0)).toBe(front);
    expect(await kept(1)).toBe(`${front}<|file_sep|>`);
    expect(await kept(Infinity)).toBe(`${front}<|file_sep|>src/a.ts\n${sample['src/a.ts']}`);
  });

  it('finds its way among many files', async () => {
    const texts = Object.fromEntries(
      Array.from({ length: 600 }, (_, file) => [`${String(file)}.ts`, `let v${String(file)};\n`]),
    );
    const { stream, tokens } = await readAll(await files(texts), { chunkTokens: 512 });
    for (const file of [0, 1, 300, 599]) {
      const { path = '', contentFrom = 0 } = stream.index.files[file] ?? {};
      expect(stream.index.locate(contentFrom)).toEqual({ file, line: 1 });
      const name = folder.tokenizer.detokenize(tokens.slice(contentFrom + 2, contentFrom + 3));
      expect(`${name.slice(1)}.ts`).toBe(path);
    }
  });
});

describe('the structure', () => {
  const texts = {
    'README.md': '# Title\n\nText\n',
    'src/a.ts': 'import {\n  a,\n} from "b";\nconst c = 1;\nf(\n  c,\n);\n',
  };

  it('says for every token its unit, what the unit is, and its file', async () => {
    const { stream, tokens } = await readAll(await files(texts));
    const { units, raised, files: owners } = stream.index.structure(0, tokens.length);
    const rows = new Map<string, string>();
    for (const [position, token] of tokens.entries()) {
      const key = `${units[position] ?? ''} ${raised[position] ?? ''} ${owners[position] ?? ''}`;
      rows.set(key, (rows.get(key) ?? '') + folder.tokenizer.detokenize([token]));
    }
    expect([...rows]).toEqual([
      ['-1 0 -1', '<|bos|><|repo_name|>sample\n'],
      ['0 1 0', '<|file_sep|>README.md\n'],
      // The empty line is a part of this line's last token.
      ['1 4 0', '# Title\n\n'],
      ['3 0 0', 'Text\n'],
      ['4 1 1', '<|file_sep|>src/a.ts\n'],
      ['5 2 1', 'import {\n  a,\n} from "b";\n'],
      ['6 5 1', 'const c = 1;\n'],
      ['7 0 1', 'f(\n'],
      ['8 0 1', '  c,\n'],
      ['9 0 1', ');\n'],
    ]);
  });

  it('goes with the tokens of each chunk, of any size', async () => {
    const list = await files(texts);
    for (const chunkTokens of [1, 3, 7, 1000]) {
      const { stream, chunks, tokens } = await readAll(list, { chunkTokens });
      const whole = stream.index.structure(0, tokens.length);
      for (const key of ['units', 'raised', 'files'] as const) {
        expect(chunks.map(({ structure }) => structure[key].length)).toEqual(
          chunks.map((chunk) => chunk.tokens.length),
        );
        expect(chunks.flatMap(({ structure }) => [...structure[key]])).toEqual([...whole[key]]);
      }
      expect([...whole.units]).toEqual([...whole.units].sort((a, b) => a - b));
    }
  });
});

describe('reading', () => {
  it('is lazy: a file is read when its turn comes', async () => {
    const list = await files({ 'a.ts': 'a '.repeat(50), 'b.ts': 'b '.repeat(50), 'c.ts': 'c' });
    const seen: string[] = [];
    const stream = createRepositoryStream(list, options({ onText: (path) => seen.push(path) }));
    const chunks = stream.chunks();
    await chunks.next();
    expect(seen).toEqual(['a.ts']);
    await writeFile(join(folder.root, 'c.ts'), 'changed');
    const tokens: number[] = [];
    for await (const chunk of chunks) tokens.push(...chunk.tokens);
    expect(seen).toEqual(['a.ts', 'b.ts', 'c.ts']);
    expect(folder.tokenizer.detokenize(tokens)).toContain('changed\n');
  });

  it('goes on when files disappear, grow or turn binary after they were listed', async () => {
    const list = await files({ 'a.ts': 'a\n', 'b.ts': 'b\n', 'c.ts': 'c\n', 'd.ts': 'd\n' });
    await rm(join(folder.root, 'a.ts'));
    await writeFile(join(folder.root, 'b.ts'), 'b\n'.repeat(10_000));
    await writeFile(join(folder.root, 'c.ts'), Uint8Array.from([0, 1, 2]));
    const skipped: unknown[] = [];
    const more = { maxFileBytes: 1000, onSkipped: (file: unknown) => skipped.push(file) };
    const { stream, tokens } = await readAll(list, more);
    expect(skipped).toEqual([
      { path: 'a.ts', reason: 'disappeared' },
      { path: 'b.ts', reason: 'too-large', detail: 'is larger than 1000 bytes' },
      { path: 'c.ts', reason: 'binary', detail: 'is not text' },
    ]);
    expect(folder.tokenizer.detokenize(tokens)).toMatch(/sample\n<\|file_sep\|>d\.ts\nd\n$/);
    expect(stream.progress()).toMatchObject({ files: 4, totalFiles: 4, etaSeconds: 0 });
  });

  it('stops with the reason of its signal, between any two chunks', async () => {
    const list = await files(sample);
    const total = (await readAll(list, { chunkTokens: 2 })).chunks.length;
    for (let after = 0; after < total; after++) {
      const controller = new AbortController();
      const reason = new Error('stop');
      const chunkOptions = options({ chunkTokens: 2, signal: controller.signal });
      const chunks = createRepositoryStream(list, chunkOptions).chunks();
      for (let count = 0; count < after; count++) await chunks.next();
      controller.abort(reason);
      await expect(chunks.next()).rejects.toBe(reason);
    }
  });

  it('reports what is done, how fast, and estimates the rest', async () => {
    const text = 'word '.repeat(100);
    const list = await files({ 'a.ts': text, 'b.ts': text, 'c.ts': text, 'd.ts': text });
    let time = 0;
    const stream = createRepositoryStream(list, options({ chunkTokens: 100, now: () => time }));
    const reports = [];
    for await (const chunk of stream.chunks()) {
      reports.push(chunk.progress);
      time += 20 * chunk.tokens.length;
    }
    expect(reports[0]).toMatchObject({ files: 1, totalFiles: 4, tokens: 0, etaSeconds: null });
    const exact = await countStream(list, options());
    for (const report of reports.slice(1)) {
      expect(report.tokensPerSecond).toBeCloseTo(50);
      expect(Math.abs(report.totalTokens - exact)).toBeLessThan(0.02 * exact);
      expect(report.etaSeconds).toBeCloseTo((report.totalTokens - report.tokens) / 50);
    }
    expect(stream.progress()).toMatchObject({ tokens: exact, totalTokens: exact, etaSeconds: 0 });
  });

  it('refuses chunks of no tokens', () => {
    expect(() => createRepositoryStream([], options({ chunkTokens: 0 }))).toThrow(RangeError);
  });
});
