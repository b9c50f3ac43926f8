/** A memory that nothing needs is given back with its process, and is there again for the next question. */

import { mkdtemp } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { EngineSession } from '../../extension/engine-client/session.ts';
import { IdleUnload } from '../../extension/features/engine/idle-unload.ts';
import { nextState, ownedEngine } from './support/owned-engine.ts';

const owned = ownedEngine();
const afterMs = 500;
const idles: IdleUnload[] = [];
afterEach(() => {
  for (const idle of idles.splice(0)) idle.dispose();
});

/** Unloads a session as the editor does, only sooner. */
function unloadWhenIdle(session: EngineSession): () => number {
  let tried = 0;
  const unload = async (): Promise<boolean> => {
    tried++;
    return (await session.unload(false)) === true;
  };
  idles.push(new IdleUnload({ session, keeps: () => true, unload, afterMs }));
  return () => tried;
}

/** Whether a process is there. */
function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

it('ends the process, and the next question is answered without a reading', async () => {
  const folder = await mkdtemp(path.join(path.dirname(owned.repository.folder), 'idle-'));
  const { session, states } = owned.openSession({ keep: { folder, restore: false } });
  await session.read('requested');
  const before = await owned.ask(session, 8);
  const { pid } = session;
  const unloaded = nextState(session, 'idle');
  unloadWhenIdle(session);
  expect(await unloaded).toEqual({ kind: 'idle', unloaded: true });
  await expect.poll(() => runs(pid ?? 0), { timeout: 10_000 }).toBe(false);
  expect(session.pid).toBeNull();

  states.length = 0;
  const after = await owned.ask(session, 8);
  expect([after.answer, after.recalled]).toEqual([before.answer, before.recalled]);
  expect(session.state).toMatchObject({ kind: 'ready', result: { restored: true } });
  expect(states.filter(({ kind }) => kind === 'reading')).toEqual([]);
});

it('stays where it is not kept on disk', async () => {
  const { session } = owned.openSession();
  await session.read('requested');
  const { pid } = session;
  const tried = unloadWhenIdle(session);
  await expect.poll(tried, { timeout: 10_000 }).toBe(1);
  expect((await owned.ask(session, 8)).outputTokens).toBeGreaterThan(0);
  expect(session.pid).toBe(pid);
});

it('is not given up while a question is answered', async () => {
  const folder = await mkdtemp(path.join(path.dirname(owned.repository.folder), 'asked-'));
  const { session } = owned.openSession({ keep: { folder, restore: false } });
  await session.read('requested');
  const answer = owned.ask(session, 32);
  expect(session.idleMs).toBe(0);
  expect(await session.unload(false)).toBeNull();
  expect((await answer).outputTokens).toBeGreaterThan(0);
  expect(await session.unload(false)).toBe(true);
});
