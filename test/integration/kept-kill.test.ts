/** A process that is killed while it saves: the next start finds what was kept before, or what is new. */

import { readdir } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { fullRun } from '../tools/full-run.ts';
import { never, opening, startEngine } from './support/engine.ts';
import { temporaryFolder } from './support/folders.ts';
import { folderOfValues, killedAfter } from './support/killed-process.ts';

const kills = fullRun ? 25 : 3;
const root = await folderOfValues(60);
const folder = await temporaryFolder();

it('is clean after a kill at any moment', { timeout: 600_000 }, async () => {
  const engine = await startEngine();
  const keep = { folder, restore: true };
  await engine.session.open(opening(root, { keep }), never);
  await engine.session.keep(never);
  const newest: number[] = [];
  let unfinished = 0;
  for (let times = 0; times < kills; times++) {
    // Saving takes some tens of milliseconds; later moments meet a reading, or saving again.
    await killedAfter(Math.random() * 60, 'keep-memory.ts', [root, folder]);
    const names = await readdir(folder);
    unfinished += names.filter((name) => name.endsWith('.tmp')).length;
    engine.progress.length = 0;
    const opened = await engine.session.open(opening(root, { keep }), never);
    expect(opened.notices).toEqual([]);
    expect(engine.progress.filter(({ phase }) => phase === 'reading')).toEqual([]);
    newest.push(Math.max(...names.map((name) => Number(/-(\d+)\.loci$/u.exec(name)?.[1] ?? 0))));
  }
  process.stdout.write(
    `generations ${newest.join(' ')}; files left unfinished: ${String(unfinished)}\n`,
  );
  expect(newest).toEqual(newest.toSorted((a, b) => a - b));
  // What was left goes with the next saving, and what is whole is two generations.
  await engine.session.open(opening(root, { keep: { folder, restore: false } }), never);
  expect(await engine.session.keep(never)).toBe(true);
  expect((await readdir(folder)).map((name) => name.replace(/^.*\./u, '')).toSorted()).toEqual([
    'kv',
    'kv',
    'loci',
    'loci',
  ]);
});
