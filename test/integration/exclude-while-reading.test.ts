/** Files that are left out while they are read for the first time: not read, or forgotten in the end. */

import { expect, it } from 'vitest';
import type { OpenParameters, OpenResult } from '../../extension/protocol/requests/open.ts';
import type { StatedPatterns } from '../../extension/protocol/stated-patterns.ts';
import { asking, never, opening, startEngine } from './support/engine.ts';
import type { TestEngine } from './support/engine.ts';
import { folderOf } from './support/folders.ts';
import { ownedEngine } from './support/owned-engine.ts';

/** About 300 tokens. */
function textOf(name: string): string {
  const lines = Array.from(
    { length: 16 },
    (_, line) => `export const ${name}${String(line)} = ${String(7000 + line)};`,
  );
  return `${lines.join('\n')}\n`;
}

const owned = ownedEngine();
const paths = ['a0', 'b1', 'c2', 'd3', 'e4', 'f5', 'g6', 'h7', 'later/i8', 'later/j9'];
const root = await folderOf(
  Object.fromEntries(paths.map((path) => [`${path}.ts`, textOf(path.slice(-2).toUpperCase())])),
);
/** Two that are read early, and a folder that is read last. */
const exclude: StatedPatterns = [{ root, patterns: ['/a0.ts', '/later/'] }];
const left = paths.slice(1, 8).map((path) => `${path}.ts`);

const pathsOf = ({ files }: { files: readonly { readonly path: string }[] }): string[] =>
  files.map(({ path }) => path);

/** Calls once, when a reading has dealt with so many tokens. */
function whenRead(engine: TestEngine, tokens: number, act: () => void): void {
  engine.onEvent = (event) => {
    if (!('phase' in event) || event.phase !== 'reading' || event.tokens < tokens) return;
    engine.onEvent = () => undefined;
    act();
  };
}

async function expectLeftOut(engine: TestEngine, opened: OpenResult): Promise<void> {
  expect(pathsOf(opened)).toEqual(left);
  const excluded = opened.skipped.filter(({ reason }) => reason === 'excluded');
  expect(excluded.map(({ path }) => path).sort()).toEqual(['a0.ts', 'later/']);
  expect(opened.repository).toMatchObject({ files: left.length, totalFiles: left.length });
  // What the map shows, and what the summary counts.
  const { files } = await engine.session.retention({ path: null }, never);
  expect(pathsOf({ files })).toEqual(left);
  const tokens = files.reduce((sum, file) => sum + file.tokens, 0);
  expect(opened.files.reduce((sum, file) => sum + file.tokens, 0)).toBe(tokens);
  for (const value of ['A01', 'J91']) {
    const question = asking(`What is the value of ${value}?`, { mode: 'reliable' });
    const { answer, recalled } = await engine.session.ask(question, () => undefined, never);
    expect(answer).not.toContain('7001');
    expect(recalled.map(({ path }) => path)).not.toContain('a0.ts');
  }
}

const follow = async (engine: TestEngine): Promise<OpenResult> => {
  const { opened, followed } = await engine.session.follower.follow(
    { paths: [], always: false, exclude },
    never,
  );
  expect(followed).toMatchObject({ filesForgotten: 1, filesRead: 0, tokensRead: 0 });
  if (opened === null) throw new Error('Nothing was followed.');
  return opened;
};

it('is not read if it is not reached yet, and what was read is forgotten in the end', async () => {
  const engine = await startEngine();
  whenRead(engine, 512, () => {
    engine.session.leftOut.patterns = exclude;
  });
  const read = await engine.session.open(opening(root), never);
  expect(pathsOf(read)).toEqual(['a0.ts', ...left]);
  expect(read.skipped.map(({ path, reason }) => [path, reason])).toEqual([
    ['later/i8.ts', 'excluded'],
    ['later/j9.ts', 'excluded'],
  ]);
  await expectLeftOut(engine, await follow(engine));
});

it('is not read either when the reading was stopped, and goes on later', async () => {
  const engine = await startEngine();
  const stopping = new AbortController();
  whenRead(engine, 1_024, () => {
    stopping.abort();
  });
  const stopped = await engine.session.open(opening(root), stopping.signal);
  expect(stopped.complete).toBe(false);
  engine.session.leftOut.patterns = exclude;
  // It says that it cannot be followed yet, so that it is asked for again.
  const refused = await engine.session.follower.follow(
    { paths: [], always: false, exclude },
    never,
  );
  expect([refused.opened, refused.followed.pendingSeconds]).toEqual([null, null]);
  const whole = await engine.session.continueReading(never);
  expect(pathsOf(whole)).toEqual(['a0.ts', ...left]);
  await expectLeftOut(engine, await follow(engine));
});

it('is read after all where it is taken in again before the reading comes to it', async () => {
  const engine = await startEngine();
  whenRead(engine, 512, () => {
    engine.session.leftOut.patterns = exclude;
    whenRead(engine, 1_024, () => {
      engine.session.leftOut.patterns = [];
    });
  });
  const read = await engine.session.open(opening(root), never);
  expect(pathsOf(read)).toEqual(paths.map((path) => `${path}.ts`));
  expect(read.skipped).toEqual([]);
});

it('counts for the reading that it was told during, and the next begins with its own', async () => {
  const engine = await startEngine();
  const parameters: OpenParameters = opening(root);
  engine.session.leftOut.patterns = exclude;
  expect(pathsOf(await engine.session.open(parameters, never))).toHaveLength(paths.length);
  const again = await engine.session.open({ ...parameters, exclude }, never);
  await expectLeftOut(engine, again);
});

it('is heard by the engine of the editor while it reads', async () => {
  const { session } = owned.openSession({ folder: root });
  const subscription = session.onDidChange((state) => {
    if (state.kind !== 'reading' || state.progress?.phase !== 'reading') return;
    subscription.dispose();
    session.leaveOut(exclude);
  });
  await session.read('requested');
  const { state } = session;
  if (state.kind !== 'ready') throw new Error(`The session is ${state.kind}.`);
  expect(state.result.skipped.map(({ path, reason }) => [path, reason])).toContainEqual([
    'later/j9.ts',
    'excluded',
  ]);
  expect(pathsOf(state.result)).not.toContain('later/j9.ts');
});
