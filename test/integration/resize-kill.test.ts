/** A process that is killed while it resizes and keeps: the next start has the old memory or the new one. */

import { expect, it } from 'vitest';
import { fullRun } from '../tools/full-run.ts';
import { asking, never, opening, startEngine } from './support/engine.ts';
import { temporaryFolder } from './support/folders.ts';
import { folderOfValues, killedAfter } from './support/killed-process.ts';

/** With those of `kept-kill.test.ts`, fifty in a full run. */
const kills = fullRun ? 25 : 3;
const root = await folderOfValues(200);
const folder = await temporaryFolder();

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
  for (let times = 0; times < kills; times++) {
    await killedAfter(Math.random() * 400, 'resize-memory.ts', [root, folder]);
    engine.progress.length = 0;
    const opened = await engine.session.open(wanted, never);
    expect(opened.notices).toEqual([]);
    expect(opened).toMatchObject({ restored: true, budget: { tokens: 128 } });
    expect(engine.progress.filter(({ phase }) => phase === 'reading')).toEqual([]);
    expect(opened.memory.kvBytes).toBeLessThanOrEqual(
      opened.budget.bytes + opened.memory.workingBytes,
    );
    kept.push(opened.memory.heldTokens);
    if (times % 2 === 0) {
      const { answer } = await engine.session.ask(asking('value7?'), () => undefined, never);
      expect(answer.length).toBeGreaterThan(0);
    }
  }
  expect(Math.max(...kept)).toBeLessThanOrEqual(128);
});
