import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { streamedFolder } from '../../../test/fixtures/streamed-folder.ts';
import { createRepositoryStream } from './stream.ts';

const folder = streamedFolder();
const { files, options, readAll } = folder;

describe('a stream that goes on where another was left', () => {
  const texts = {
    'a.ts': 'const a = 1;\nconst b = 2;\n',
    'b.bin': '\u0000\u0001',
    'c.ts': 'let c = a + b;\nlet d = c;\nlet e = d;\n',
    'd.ts': 'call(e);\n',
  };
  type Chunks = ReturnType<ReturnType<typeof createRepositoryStream>['chunks']>;

  async function take(chunks: Chunks, count: number): Promise<number[]> {
    const tokens: number[] = [];
    for (let i = 0; i < count; i++) {
      const next = await chunks.next();
      if (next.done === true) break;
      tokens.push(...next.value.tokens);
    }
    return tokens;
  }

  it('gives the same tokens, protections and index, wherever it was left', async () => {
    const list = await files(texts);
    const whole = await readAll(list);
    for (let left = 1; left <= whole.chunks.length; left++) {
      const read: string[] = [];
      const onText = (path: string): void => void read.push(path);
      const first = createRepositoryStream(list, options({ onText }));
      const before = await take(first.chunks(), left);
      const start = { index: first.index, tokens: before.length };
      const second = createRepositoryStream(list, options({ start, onText }));
      const kept: number[] = [];
      const after: number[] = [];
      for await (const chunk of second.chunks()) {
        after.push(...chunk.tokens);
        kept.push(...chunk.protect);
      }
      expect([...before, ...after]).toEqual(whole.tokens);
      expect(kept).toEqual(whole.kept.slice(before.length));
      expect(second.index.files).toEqual(whole.stream.index.files);
      expect(second.index.tokens).toBe(whole.tokens.length);
      expect(second.progress().tokens).toBe(whole.tokens.length);
      expect(second.progress().files).toBe(list.length);
      expect(new Set(read).size).toBe(read.length);
    }
  });

  it('gives the same once the index has forgotten what was made ready and not dealt with', async () => {
    const list = await files(texts);
    const whole = await readAll(list);
    const last = whole.stream.index.files.at(-1)?.path ?? '';
    for (let left = 1; left <= whole.chunks.length; left++) {
      const first = createRepositoryStream(list, options());
      const before = await take(first.chunks(), left);
      const known = first.index.files.map(({ path }) => path);
      const forgotten = first.index.forget(before.length);
      expect(first.index.files.every(({ from }) => from < before.length)).toBe(true);
      expect(first.index.files.map(({ path }) => path)).toEqual(
        known.slice(0, known.length - forgotten.length),
      );
      for (const path of forgotten) expect(first.index.fileOf(path)).toBeNull();
      const start = { index: first.index, tokens: before.length };
      const second = createRepositoryStream(list, options({ start }));
      const kept: number[] = [];
      for await (const chunk of second.chunks()) {
        before.push(...chunk.tokens);
        kept.push(...chunk.protect);
      }
      expect(before).toEqual(whole.tokens);
      expect(kept).toEqual(whole.kept.slice(start.tokens));
      expect(second.index.files).toEqual(whole.stream.index.files);
      const { tokens } = second.index;
      expect(second.index.structure(0, tokens)).toEqual(whole.stream.index.structure(0, tokens));
      expect(second.index.lines(0, tokens)).toEqual(whole.stream.index.lines(0, tokens));
    }
    expect(whole.stream.index.forget(0)).toContain(last);
    expect(whole.stream.index.files).toEqual([]);
  });

  it('refuses a file that was cut off and has changed, but not one that was read whole', async () => {
    const list = await files(texts);
    const first = createRepositoryStream(list, options());
    const chunks = first.chunks();
    let tokens = 0;
    while (first.index.files.length < 2) tokens += (await take(chunks, 1)).length;
    const start = { index: first.index, tokens };
    await writeFile(join(folder.root, 'a.ts'), 'const a = 3;\n');
    const unharmed = createRepositoryStream(list, options({ start }));
    await take(unharmed.chunks(), 1000);
    await writeFile(join(folder.root, 'c.ts'), 'let c = 0;\n');
    const changed = createRepositoryStream(list, options({ start }));
    await expect(take(changed.chunks(), 1000)).rejects.toMatchObject({
      code: 'repository-changed',
      message: 'c.ts has changed since reading was stopped. Read the repository again.',
    });
  });
});
