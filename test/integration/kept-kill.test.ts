/** A process that is killed while it saves: the next start finds what was kept before, or what is new. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { never, opening, startEngine } from './support/engine.ts';
import { folderOf, temporaryFolder } from './support/folders.ts';

const program = fileURLToPath(new URL('support/keep-memory.ts', import.meta.url));
const lines = Array.from(
  { length: 60 },
  (_, at) => `export const value${String(at)} = ${String(at)};`,
);
const root = await folderOf({ 'values.ts': `${lines.join('\n')}\n` });
const folder = await temporaryFolder();

/** Keeps in another process, and kills that so long after it has begun to save. */
async function killedAfter(milliseconds: number): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', program, root, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(createInterface({ input: child.stdout }), 'line');
  await sleep(milliseconds);
  child.kill('SIGKILL');
  await once(child, 'exit');
}

it('is clean after a kill at any moment', { timeout: 600_000 }, async () => {
  const engine = await startEngine();
  const keep = { folder, restore: true };
  await engine.session.open(opening(root, { keep }), never);
  await engine.session.keep(never);
  const newest: number[] = [];
  let unfinished = 0;
  for (let times = 0; times < 10; times++) {
    // Saving takes some tens of milliseconds; later moments meet a reading, or saving again.
    await killedAfter(Math.random() * 60);
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
