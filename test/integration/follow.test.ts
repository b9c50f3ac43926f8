/** A memory that follows the files: what is gone is forgotten, what is new is read, and nothing else. */

import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FollowResult } from '../../extension/protocol/requests/follow.ts';
import { asking, failureOf, never, onSlowDevice, opening, startEngine } from './support/engine.ts';
import { folderOf, temporaryFolder } from './support/folders.ts';

const count = onSlowDevice ? 40 : 500;
const anything = { paths: null, always: false };

function nameOf(index: number): string {
  return `RATE_${String.fromCharCode(65 + (index % 26))}${String(index)}`;
}

function textOf(index: number, value: number): string {
  return `// Number ${String(index)}.\nexport const ${nameOf(index)} = ${String(value)};\n`;
}

function pathOf(index: number): string {
  return `src/part${String(index % 10)}/file${String(index)}.ts`;
}

const original = Object.fromEntries(
  Array.from({ length: count }, (_, index) => [pathOf(index), textOf(index, 1000 + index)]),
);
const root = await folderOf(original);
const engine = await startEngine();
const { session } = engine;
const keptIn = await temporaryFolder();
const opened = await session.open(
  opening(root, { keep: { folder: keptIn, restore: true } }),
  never,
);

async function follow(paths: readonly string[] | null = null): Promise<FollowResult> {
  const absolute = paths === null ? null : paths.map((path) => join(root, path));
  return session.follower.follow({ paths: absolute, always: false }, never);
}

async function valueOf(index: number): Promise<string> {
  const question = `What is the value of ${nameOf(index)}?`;
  const answer = await session.ask(asking(question, { mode: 'reliable' }), () => undefined, never);
  expect(answer.notices).toEqual([]);
  return answer.answer;
}

describe('a repository that was read', () => {
  it('has nothing to follow where nothing has changed', async () => {
    await writeFile(join(root, pathOf(3)), textOf(3, 1003));
    const { followed, opened: figures, pending } = await follow();
    expect({ figures, pending }).toEqual({ figures: null, pending: [] });
    expect(followed).toMatchObject({ tokensRead: 0, tokensForgotten: 0, pendingFiles: 0 });
  });

  it('answers by the new value after one file was edited, and reads little else', async () => {
    await writeFile(join(root, pathOf(7)), textOf(7, 48_151));
    const { followed, opened: figures } = await follow([pathOf(7)]);
    expect(followed).toMatchObject({ filesRead: 1, filesForgotten: 1, filesRenamed: 0 });
    expect(followed.tokensRead).toBeGreaterThan(0);
    expect(followed.tokensRead).toBeLessThan(0.02 * opened.repository.tokens);
    expect(session.state.followed).toEqual(followed);
    expect(engine.states.map(({ status }) => status)).toContain('following');
    expect(await valueOf(7)).toContain('48151');
    expect(figures?.repository.files).toBe(count);
    const { files } = await session.retention({ path: pathOf(7), everyLine: false }, never);
    expect(files.filter(({ path }) => path === pathOf(7))).toHaveLength(1);
    expect(files.at(-1)).toMatchObject({ path: pathOf(7), tokens: followed.tokensRead });
    expect(files.at(-1)?.kept).toBeGreaterThan(0);
  });

  it('reads no token where files have other names, even where two exchange theirs', async () => {
    await rename(join(root, pathOf(20)), join(root, 'src/moved.ts'));
    await rename(join(root, pathOf(21)), join(root, pathOf(20)));
    await rename(join(root, pathOf(22)), join(root, pathOf(21)));
    await rename(join(root, pathOf(20)), join(root, pathOf(22)));
    const { followed, opened: figures } = await follow();
    expect(followed).toMatchObject({ filesRenamed: 3, tokensRead: 0, tokensForgotten: 0 });
    const paths = figures?.files.map(({ path }) => path) ?? [];
    expect(paths).toContain('src/moved.ts');
    expect(paths).not.toContain(pathOf(20));
    const { citations } = await session.ask(
      asking(`What is the value of ${nameOf(20)}?`, { mode: 'reliable' }),
      () => undefined,
      never,
    );
    expect(citations[0]?.path).toBe('src/moved.ts');
  });

  it('follows a branch switch, and is kept on disk as it is then', async () => {
    const switched = Array.from({ length: onSlowDevice ? 4 : 40 }, (_, index) => 2 * index + 60);
    const [gone = 0, ...edited] = switched;
    await rm(join(root, pathOf(gone)));
    for (const index of edited)
      await writeFile(join(root, pathOf(index)), textOf(index, 70 + index));
    await writeFile(join(root, 'src/new.ts'), 'export const BRAND_NEW_LIMIT = 5150;\n');
    const { followed } = await follow();
    expect(followed).toMatchObject({
      filesRead: edited.length + 1,
      filesForgotten: edited.length + 1,
      pendingFiles: 0,
    });
    const before = await session.retention({ path: null, everyLine: true }, never);
    expect(await session.keep(never)).toBe(true);
    const other = await startEngine();
    const parameters = opening(root, { keep: { folder: keptIn, restore: true } });
    const restored = await other.session.restore(parameters, never);
    expect(restored).toMatchObject({ restored: true, changed: [] });
    expect(await other.session.retention({ path: null, everyLine: true }, never)).toEqual(before);
    // The restored one follows as well.
    await writeFile(join(root, pathOf(9)), textOf(9, 31_337));
    const again = await other.session.follower.follow(anything, never);
    expect(again.followed).toMatchObject({ filesRead: 1, filesForgotten: 1 });
    await follow();
    expect(await valueOf(9)).toContain('31337');
  });

  it('looks at nothing for a file that is ignored', async () => {
    await writeFile(join(root, pathOf(4)), textOf(4, 8_808));
    await mkdir(join(root, 'node_modules/built'), { recursive: true });
    await writeFile(join(root, 'node_modules/built/out.js'), 'let out = 1;\n');
    // The listing does not have the folder yet.
    expect((await follow(['node_modules/built/out.js'])).followed.filesRead).toBe(1);
    await writeFile(join(root, pathOf(4)), textOf(4, 8_809));
    await writeFile(join(root, 'node_modules/built/out.js'), 'let out = 2;\n');
    expect((await follow(['node_modules/built/out.js'])).followed.filesRead).toBe(0);
    expect((await follow(['src/added-folder.ts'])).followed.filesRead).toBe(1);
  });

  it('leaves what would take longer than a minute, and says so', async () => {
    const large = 'export const filler = "a b c d e f g h i j k l m n o p";\n'.repeat(2500);
    const names = Array.from(
      { length: onSlowDevice ? 8 : 24 },
      (_, index) => `large${String(index)}.ts`,
    );
    for (const [index, name] of names.entries()) {
      await writeFile(join(root, name), `// ${String(index)}\n${large}`);
    }
    const { followed, opened: figures, pending } = await follow();
    expect(figures).toBeNull();
    expect([...pending].sort()).toEqual([...names].sort());
    expect(followed).toMatchObject({ tokensRead: 0, pendingFiles: names.length });
    expect(followed.pendingSeconds).toBeGreaterThan(60);
    expect(session.state.followed?.pendingFiles).toBe(names.length);
    for (const name of names) await rm(join(root, name));
    expect((await follow()).followed.pendingFiles).toBe(0);
  });
});

describe('following that is cancelled', () => {
  it('keeps what was done by then, and the next goes on', async () => {
    const edited = Array.from({ length: 12 }, (_, index) => 5 * index + 150).filter(
      (i) => i < count,
    );
    const long = Array.from(
      { length: 60 },
      (_, index) => `export const fill${String(index)} = 1;\n`,
    );
    for (const index of edited) {
      await writeFile(join(root, pathOf(index)), textOf(index, 9) + long.join(''));
    }
    const controller = new AbortController();
    engine.onEvent = (event) => {
      if ('phase' in event && event.phase === 'following' && event.tokens > 1200)
        controller.abort();
    };
    const stopped = await session.follower.follow(anything, controller.signal);
    engine.onEvent = () => undefined;
    expect(stopped.pending.length).toBeGreaterThan(0);
    expect(stopped.pending.length).toBeLessThan(edited.length);
    const { files } = await session.retention({ path: null }, never);
    const held = new Set(files.map(({ path }) => path));
    expect(stopped.pending.filter((path) => held.has(path))).toEqual([]);
    const { followed, opened: figures } = await follow();
    expect(followed).toMatchObject({ filesRead: stopped.pending.length, filesForgotten: 0 });
    expect(new Set(figures?.files.map(({ path }) => path)).size).toBe(figures?.repository.files);
  });

  it('is refused before anything was read', async () => {
    const { session: empty } = await startEngine();
    expect((await failureOf(empty.follower.follow(anything, never))).code).toBe('not-open');
  });
});

describe('documents that are not saved', () => {
  const path = pathOf(2);
  const ask = async (text: string | null): Promise<string> => {
    const documents = text === null ? [] : [{ path, text }];
    const question = `What is the value of ${nameOf(2)}?`;
    const asked = asking(question, { mode: 'reliable', documents });
    const { answer, passages } = await session.ask(asked, () => undefined, never);
    return [answer, ...passages.map((passage) => passage.text)].join('\n');
  };

  it('are what answers rest on, for that question alone', async () => {
    expect(await ask(textOf(2, 60_606))).toContain('60606');
    const saved = await ask(null);
    expect(saved).toContain('1002');
    expect(saved).not.toContain('60606');
  });

  it('are left out where their file would be', async () => {
    const secret = `-----BEGIN RSA PRIVATE KEY-----\n${'MIIEowIBAAKCAQEA7bq'.repeat(20)}\n`;
    expect(await ask(`${textOf(2, 60_606)}${secret}-----END RSA PRIVATE KEY-----\n`)).toContain(
      '1002',
    );
    const documents = [{ path: '../outside.ts', text: 'export const OUTSIDE_VALUE = 5;\n' }];
    const asked = asking('What is the value of OUTSIDE_VALUE?', { mode: 'reliable', documents });
    const answer = await session.ask(asked, () => undefined, never);
    expect(answer.answer).toMatch(/OUTSIDE_VALUE.* not occur/u);
  });
});
