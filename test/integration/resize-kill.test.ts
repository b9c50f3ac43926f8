/** A process that is killed while it resizes and keeps: the next start has the old memory or the new one. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { asking, never, opening, startEngine } from './support/engine.ts';
import { folderOf, temporaryFolder } from './support/folders.ts';

const program = fileURLToPath(new URL('support/resize-memory.ts', import.meta.url));
const lines = Array.from(
  { length: 200 },
  (_, at) => `export const value${String(at)} = ${String(at)};`,
);
const root = await folderOf({ 'values.ts': `${lines.join('\n')}\n` });
const folder = await temporaryFolder();

/** Resizes in another process, and kills that so long after it has begun. */
async function killedAfter(milliseconds: number): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', program, root, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(createInterface({ input: child.stdout }), 'line');
  await sleep(milliseconds);
  child.kill('SIGKILL');
  await once(child, 'exit');
}

it('is clean after a kill at any moment', { timeout: 900_000 }, async () => {
  const engine = await startEngine();
  // Every budget that is kept is at least this one, so what is kept is used whatever it was.
  const wanted = opening(root, {
    budget: { unit: 'tokens', value: 128 },
    keep: { folder, restore: true },
  });
  const first = opening(root, { keep: { folder, restore: false } });
  await engine.session.open(first, never);
  expect(await engine.session.keep(never)).toBe(true);
  const kept: number[] = [];
  for (let times = 0; times < 20; times++) {
    await killedAfter(Math.random() * 400);
    engine.progress.length = 0;
    const opened = await engine.session.open(wanted, never);
    expect(opened.notices).toEqual([]);
    expect(opened).toMatchObject({ restored: true, budget: { tokens: 128 } });
    expect(engine.progress.filter(({ phase }) => phase === 'reading')).toEqual([]);
    expect(opened.memory.kvBytes).toBeLessThanOrEqual(
      opened.budget.bytes + opened.memory.workingBytes,
    );
    kept.push(opened.memory.heldTokens);
    if (times % 5 === 0) {
      const { answer } = await engine.session.ask(asking('value7?'), () => undefined, never);
      expect(answer.length).toBeGreaterThan(0);
    }
  }
  expect(Math.max(...kept)).toBeLessThanOrEqual(128);
});
