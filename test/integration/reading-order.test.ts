/** What is read first: what explains the repository, what is pinned, and what the user works on. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { OpenParameters } from '../../extension/protocol/requests/open.ts';
import { asking, never, opening, startEngine } from './support/engine.ts';
import type { TestEngine } from './support/engine.ts';
import { folderOf, temporaryFolder } from './support/folders.ts';

/** About 300 tokens. */
function textOf(name: string, first = ''): string {
  const lines = Array.from(
    { length: 16 },
    (_, line) => `export const ${name}${String(line)} = ${String(7 * line)};`,
  );
  return `${first}${lines.join('\n')}\n`;
}

const others = Object.fromEntries(
  Array.from({ length: 8 }, (_, index) => [
    `a/other${String(index)}.ts`,
    textOf(`O${String(index)}x`),
  ]),
);
const root = await folderOf({
  ...others,
  'README.md': '# Shop\n',
  'package.json': '{ "name": "shop" }\n',
  'y/pinned.ts': textOf('P'),
  'z/open.ts': textOf('W', "import { T0 } from '../x/imported.js';\n"),
  'x/imported.ts': textOf('T'),
});
const early = ['README.md', 'package.json', 'y/pinned.ts', 'z/open.ts', 'x/imported.ts'];
const atWork: Partial<OpenParameters> = {
  openFiles: [join(root, 'z/open.ts'), '/elsewhere/open.ts', join(root, 'gone.ts')],
  pin: [{ root, patterns: ['/y/pinned.ts'] }],
};

function stoppedAt(engine: TestEngine, share: number): AbortSignal {
  const controller = new AbortController();
  engine.onEvent = (event) => {
    if (!('phase' in event) || event.phase !== 'reading') return;
    if (event.totalTokens > 0 && event.tokens >= share * event.totalTokens) controller.abort();
  };
  return controller.signal;
}

const pathsOf = ({ files }: { files: readonly { readonly path: string }[] }): string[] =>
  files.map(({ path }) => path);

it('has read after half of the reading what the user works on, and goes on in this order', async () => {
  const engine = await startEngine();
  const half = await engine.session.open(opening(root, atWork), stoppedAt(engine, 0.5));
  engine.onEvent = () => undefined;
  expect(half.complete).toBe(false);
  expect(pathsOf(half).slice(0, early.length)).toEqual(early);
  expect(pathsOf(half).length).toBeLessThan(13);
  const whole = await engine.session.continueReading(never);
  expect(whole.complete).toBe(true);
  expect(pathsOf(whole)).toEqual([...early, ...Object.keys(others).sort()]);
});

it('keeps what is held in its place when the files are listed again; new files come last', async () => {
  const keep = { folder: await temporaryFolder(), restore: true };
  const first = await startEngine();
  const read = await first.session.open(opening(root, { keep, ...atWork }), never);
  expect(await first.session.keep(never)).toBe(true);

  const next = await startEngine();
  const openFiles = [join(root, 'a/other5.ts')];
  const restored = await next.session.open(opening(root, { keep, openFiles }), never);
  expect([restored.restored, restored.changed]).toEqual([true, []]);
  expect(pathsOf(restored)).toEqual(pathsOf(read));

  await writeFile(join(root, 'README.en.md'), '# New readme\n');
  await writeFile(join(root, 'a/other5.ts'), 'export const RATE_NEW = 7121;\n');
  const { followed, opened, pending } = await next.session.follower.follow(
    { paths: null, always: false },
    never,
  );
  expect(pending).toEqual([]);
  expect(followed).toMatchObject({ filesRead: 2, filesForgotten: 1 });
  const held = pathsOf(read).filter((path) => path !== 'a/other5.ts');
  expect(pathsOf(opened ?? { files: [] })).toEqual([...held, 'README.en.md', 'a/other5.ts']);
  const question = asking('What is the value of RATE_NEW?', { mode: 'reliable' });
  expect((await next.session.ask(question, () => undefined, never)).answer).toContain('7121');
});
