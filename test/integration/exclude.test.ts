/** What the user leaves out: forgotten at once by following, and read as a changed file when taken in. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { FollowResult } from '../../extension/protocol/requests/follow.ts';
import { asking, never, opening, startEngine } from './support/engine.ts';
import { folderOf, temporaryFolder } from './support/folders.ts';

const textOf = (name: string, value: number): string =>
  `export const ${name} = ${String(value)};\n`;
const many = Object.fromEntries(
  Array.from({ length: 20 }, (_, index) => [
    `lib/l${String(index)}.ts`,
    textOf(`L${String(index)}`, 100 + index),
  ]),
);
const root = await folderOf({
  'a.ts': textOf('RATE_A', 7121),
  'src/b.ts': textOf('RATE_B', 8232),
  'src/c.ts': textOf('RATE_C', 9343),
  ...many,
});
const keep = { folder: await temporaryFolder(), restore: true };
const engine = await startEngine();
await engine.session.open(opening(root, { keep }), never);

const followed = (
  patterns: readonly string[],
  paths: readonly string[] | null = [],
  own = engine,
): Promise<FollowResult> =>
  own.session.follower.follow(
    { paths, always: false, exclude: [{ root, patterns: [...patterns] }] },
    never,
  );

const filesOf = ({ opened }: FollowResult): string[] =>
  (opened?.files ?? []).map(({ path }) => path).filter((path) => !path.startsWith('lib/'));

it('is forgotten without a reading, named as left out, and not found in answers', async () => {
  const result = await followed(['/src/']);
  expect(result.followed).toMatchObject({ filesForgotten: 2, filesRead: 0, tokensRead: 0 });
  expect(filesOf(result)).toEqual(['a.ts']);
  expect(result.opened?.skipped).toContainEqual(
    expect.objectContaining({ path: 'src/', reason: 'excluded' }),
  );
  const { files, heads } = await engine.session.retention({ path: null }, never);
  expect(files.map(({ path }) => path)).not.toContain('src/b.ts');
  const held = files.reduce((sum, file) => sum + file.kept * file.tokens, 0);
  expect(heads.flat().every((rows) => rows >= held - 1)).toBe(true);
  const question = asking('What is the value of RATE_B?', { mode: 'reliable' });
  const { answer } = await engine.session.ask(question, () => undefined, never);
  expect(answer).not.toContain('8232');
});

it('stays left out when it changes', async () => {
  await writeFile(join(root, 'src/b.ts'), textOf('RATE_B', 5454));
  const { opened, pending } = await followed(['/src/'], [join(root, 'src/b.ts')]);
  expect([opened, pending]).toEqual([null, []]);
});

it('is read as a changed file when it is taken in again, and nothing else is', async () => {
  const result = await followed(['/src/c.ts']);
  expect(result.followed).toMatchObject({ filesRead: 1, filesForgotten: 0 });
  expect(filesOf(result).sort()).toEqual(['a.ts', 'src/b.ts']);
  const question = asking('What is the value of RATE_B?', { mode: 'reliable' });
  const { answer } = await engine.session.ask(question, () => undefined, never);
  expect(answer).toContain('5454');
});

it('is said of a file that was not read anyway', async () => {
  await writeFile(join(root, 'image.bin'), Buffer.of(0, 1, 2, 0, 3));
  const { opened, pending } = await followed(['/src/c.ts', '/image.bin']);
  expect(pending).toEqual([]);
  expect(opened?.skipped).toContainEqual(
    expect.objectContaining({ path: 'image.bin', reason: 'excluded' }),
  );
});

it('is forgotten where what else has changed would take too long to read', async () => {
  const lines = Array.from(
    { length: 6_000 },
    (_, index) => `let wide${String(index)} = ${String(index)};`,
  );
  for (let index = 0; index < 40; index++) {
    await writeFile(join(root, `new${String(index)}.ts`), lines.join('\n'));
  }
  const result = await followed(['/src/c.ts', '/a.ts'], null);
  expect(result.followed).toMatchObject({ filesForgotten: 1, filesRead: 0, pendingFiles: 40 });
  expect(result.followed.pendingSeconds).toBeGreaterThan(60);
  expect(filesOf(result)).toEqual(['src/b.ts']);
  expect(result.pending).toHaveLength(40);
});

it('is not in the memory that is restored under another exclusion', async () => {
  const kept = await startEngine();
  const files = { 'a.ts': textOf('RATE_A', 7121), 'b.ts': textOf('RATE_B', 8232) };
  const folder = await folderOf(files);
  await kept.session.open(opening(folder, { keep }), never);
  expect(await kept.session.keep(never)).toBe(true);
  const exclude = [{ root: folder, patterns: ['/b.ts'] }];
  const next = await startEngine();
  const restored = await next.session.open(opening(folder, { keep, exclude }), never);
  expect([restored.restored, restored.changed]).toEqual([true, ['b.ts']]);
  const { followed: done, opened } = await next.session.follower.follow(
    { paths: [], always: false, exclude },
    never,
  );
  expect(done).toMatchObject({ filesForgotten: 1, filesRead: 0 });
  expect(opened?.files.map(({ path }) => path)).toEqual(['a.ts']);
});
