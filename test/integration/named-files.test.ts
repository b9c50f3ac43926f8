import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { asking, never, opening, startEngine } from './support/engine.ts';
import { folderOf } from './support/folders.ts';

const { session } = await startEngine();
const paths = [
  'app/(shop)/cart.ts',
  'my dir/util.ts',
  'dir/util.ts',
  'Makefile',
  'café/été.ts',
  'cart.ts',
  'util.ts',
  'té.ts',
];
const root = await folderOf(
  Object.fromEntries(paths.map((path, index) => [path, `RETRY_LIMIT = ${String(100 + index)};\n`])),
);

beforeAll(async () => {
  await session.open(opening(root, { budget: { unit: 'percent', value: 100 } }), never);
});

it.each([
  ['app/(shop)/cart.ts', 'app/(shop)/cart.ts'],
  ['my dir/util.ts', 'my dir/util.ts'],
  ['"my dir/util.ts"', 'my dir/util.ts'],
  ['./dir/util.ts', 'dir/util.ts'],
  ['@dir/util.ts', 'dir/util.ts'],
  [join(root, 'dir/util.ts'), 'dir/util.ts'],
  ['the Makefile', 'Makefile'],
  ['café/été.ts', 'café/été.ts'],
  ['café/été.ts'.normalize('NFD'), 'café/été.ts'],
])('reads again what %s names', async (written, path) => {
  const question = `What is RETRY_LIMIT in ${written}?`;
  const { recalled, unknownNames } = await session.ask(
    asking(question, { recall: 'both', maxTokens: 4 }),
    () => undefined,
    never,
  );
  expect(recalled.map((span) => span.path)).toEqual([path]);
  expect(unknownNames).toEqual([]);
});

it('tells before the answer what occurs nowhere', async () => {
  const pieces: unknown[] = [];
  const { unknownNames } = await session.ask(
    asking('What is the value of RETRY_DELAY?', { recall: 'both', maxTokens: 4 }),
    (text, names) => pieces.push([text, names]),
    never,
  );
  expect(unknownNames).toEqual(['RETRY_DELAY']);
  expect(pieces[0]).toEqual(['', ['RETRY_DELAY']]);
});
