/** The extension's owner of the engine, with the real engine, apart from the editor. */

import { mkdtemp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { fromRoot } from '../../scripts/support/paths.mjs';
import type { Progress } from '../../extension/protocol/notifications/progress.ts';
import type { OpenResult } from '../../extension/protocol/requests/open.ts';
import { memoryOf } from '../../extension/engine-client/session-state.ts';
import { generatedRepository } from '../e2e/support/repository.ts';
import { fullRun } from '../tools/full-run.ts';
import { shapes, writeRandomModel } from '../tools/random-gguf.ts';
import { kill, nextState, ownedEngine, sentence, shown } from './support/owned-engine.ts';

const owned = ownedEngine();
const { openSession, ask } = owned;

/** Each phase takes it so long that a cancellation comes before the next. */
let slowModel: string;
beforeAll(async () => {
  slowModel = path.join(path.dirname(owned.repository.folder), 'talkative.gguf');
  await writeRandomModel(slowModel, shapes.talkative, 1);
});

it('starts nothing before it is asked to', () => {
  const { session } = openSession();
  expect(session.state).toEqual({ kind: 'idle' });
  expect(session.pid).toBeNull();
});

it('comes back after a crash, gives up after four, and starts again when told to', async () => {
  const { session } = openSession();
  await session.read('requested');
  expect(session.state).toMatchObject({ kind: 'ready', notice: null });
  for (let crash = 1; crash <= 3; crash++) {
    const ready = nextState(session, 'ready');
    kill(session);
    expect(sentence(await ready)).toMatch(
      /killed \(SIGKILL.* while it was idle\. It was restarted\./u,
    );
  }
  const failed = nextState(session, 'failed');
  kill(session);
  expect(sentence(await failed)).toContain('It stopped 4 times in three minutes');
  expect(session.state).toMatchObject({ code: 'engine-crashed' });
  await session.restart();
  expect(session.state).toMatchObject({ kind: 'ready', notice: null });
});

it('says in one sentence what makes reading impossible', async () => {
  const { session } = openSession({ folder: `${owned.repository.folder}/none` });
  await session.read('requested');
  expect(session.state).toMatchObject({ kind: 'failed', code: 'repository-not-found' });
  expect(sentence(session.state)).toMatch(/^[^.]+none[^.]*\.$/u);
});

it('gives up on an engine that is not there, in words of its own', async () => {
  const { session } = openSession({ modulePath: fromRoot('dist', 'no-such-engine.mjs') });
  const failed = nextState(session, 'failed');
  await session.read('requested');
  expect(sentence(await failed)).toMatch(
    /^The engine stopped with exit code 1 while it started\. It stopped \d+ times [^.]+\.$/u,
  );
});

it('can be cancelled in every phase, and asked again', async () => {
  let modelPath: string | null = slowModel;
  // Eight chunks.
  const large = await generatedRepository(8_000);
  const { session, states } = openSession({
    folder: large.folder,
    modelPath: () => modelPath,
  });
  /** Reads and cancels as soon as a condition of the progress holds. */
  const cancelWhen = async (holds: (progress: Progress | null) => boolean): Promise<void> => {
    const subscription = session.onDidChange((state) => {
      if (state.kind !== 'reading' || state.cancelling) return;
      if (holds(state.progress)) session.cancelReading();
    });
    await session.read('requested');
    subscription.dispose();
    expect(states.at(-1)).toBe(session.state);
  };
  for (const phase of [null, 'listing', 'loading'] as const) {
    states.length = 0;
    await cancelWhen((progress) => (progress?.phase ?? null) === phase);
    expect(session.state.kind, String(phase)).toBe('cancelled');
    expect(states.some((state) => state.kind === 'reading' && state.cancelling)).toBe(true);
  }
  await cancelWhen((progress) => progress?.phase === 'reading' && progress.tokens > 0);
  expect(session.state).toMatchObject({ kind: 'ready', result: { complete: false } });
  modelPath = null;
  await session.read('requested');
  expect(session.state).toMatchObject({ kind: 'ready', result: { complete: true } });
  expect((await ask(session, 32)).outputTokens).toBeGreaterThan(0);
  await large.remove();
});

it('unloads the model, and brings the kept memory back for a question or a completion', async () => {
  const folder = await mkdtemp(path.join(path.dirname(owned.repository.folder), 'unloaded-'));
  const { session } = openSession({ keep: { folder, restore: false } });
  expect(await session.unload()).toBeNull();
  await session.read('requested');
  expect(await session.unload()).toBe(true);
  expect([session.state, session.pid]).toEqual([{ kind: 'idle', unloaded: true }, null]);
  expect((await ask(session, 8)).outputTokens).toBeGreaterThan(0);
  expect(session.state).toMatchObject({ kind: 'ready', result: { restored: true } });
  expect(await session.unload()).toBe(true);
  const ready = nextState(session, 'ready');
  const never = new AbortController().signal;
  const typed = { path: 'a.ts', prefix: 'const a', suffix: '', maxTokens: 4 };
  const completing = session.complete(typed, never);
  expect(await completing).toBeNull();
  expect(await ready).toMatchObject({ result: { restored: true } });

  const { session: forgetful } = openSession();
  await forgetful.read('requested');
  expect(await forgetful.unload()).toBe(false);
  expect(await forgetful.complete(typed, never)).toBeNull();
  expect([forgetful.state, forgetful.pid]).toEqual([{ kind: 'idle', unloaded: false }, null]);
});

it('answers during a long first reading from what is read so far, and a short one is waited for', async () => {
  const large = await generatedRepository(400_000);
  const { session } = openSession({ folder: large.folder });
  const reading = session.read('requested');
  const answer = await ask(session, 4);
  expect(answer.notices.join()).toMatch(/Read so far: .* % \(\d+ of [\d,]+ files\)\./u);
  const { state } = session;
  if (state.kind !== 'reading') throw new Error(`The session is ${state.kind}.`);
  expect(state.progress?.tokens).toBeLessThan(200_000);
  session.cancelReading();
  await reading;
  expect(session.state).toMatchObject({ kind: 'ready', result: { complete: false } });
  await large.remove();

  const { session: brief, states } = openSession();
  const whole = brief.read('requested');
  expect((await ask(brief, 4)).notices.join()).not.toContain('Read so far');
  expect(states.some(({ kind }) => kind === 'ready')).toBe(true);
  await whole;
});

it.runIf(fullRun)(
  'continues a reading that was stopped, beside the memory that answers, as often as it is stopped',
  async () => {
    const large = await generatedRepository(8_000);
    const { session, states } = openSession({ folder: large.folder });
    /** Cancels once more tokens than that are dealt with. */
    const cancelAfter = async (tokens: number, read: () => Promise<void>): Promise<OpenResult> => {
      const subscription = session.onDidChange((state) => {
        if (state.kind !== 'reading' || state.cancelling) return;
        if ((state.progress?.tokens ?? 0) > tokens) session.cancelReading();
      });
      await read();
      subscription.dispose();
      const result = memoryOf(session.state);
      if (result === null) throw new Error(`The session is ${session.state.kind}.`);
      expect(session.state).toMatchObject({ kind: 'ready', notice: null });
      return result;
    };
    await session.continueReading();
    expect(session.state).toEqual({ kind: 'idle' });
    const first = await cancelAfter(0, () => session.read('requested'));
    states.length = 0;
    const second = await cancelAfter(first.repository.tokens, () => session.continueReading());
    expect([first.complete, second.complete]).toEqual([false, false]);
    expect(second.repository.tokens).toBeGreaterThan(first.repository.tokens);
    expect(shown(states)).toEqual([first, second]);
    expect(states[0]).toMatchObject({ kind: 'reading', cause: 'continued' });
    const rest = session.continueReading();
    const answer = await ask(session, 4);
    expect(answer.notices.join()).toMatch(/Read so far: \d+ %/u);
    await rest;
    const last = memoryOf(session.state);
    expect(last).toMatchObject({ complete: true });
    expect(last?.notices.join()).not.toMatch(/stopped early/u);
    await session.read('requested');
    const { repository: read, files } = memoryOf(session.state) ?? {};
    expect(last).toMatchObject({ repository: read ?? {}, files: files ?? [] });
    states.length = 0;
    await session.continueReading();
    expect(states).toEqual([]);
    await large.remove();
  },
);

it('has changed files followed, and shows the figures of the memory as it is then', async () => {
  const small = await generatedRepository(1_000);
  const { folder } = small;
  const { session } = openSession({ folder });
  const never = new AbortController().signal;
  const anything = { paths: null, always: false };
  expect(await session.follow(anything, never)).toBeNull();
  await session.read('requested');
  const before = memoryOf(session.state);
  await writeFile(path.join(folder, 'added.ts'), 'export const ADDED_LATER = 4;\n');
  const result = await session.follow(anything, never);
  expect(result?.followed).toMatchObject({ filesRead: 1, filesForgotten: 0, pendingFiles: 0 });
  expect(session.state).toMatchObject({ kind: 'ready', result: result?.opened });
  expect(memoryOf(session.state)?.files).toHaveLength((before?.files.length ?? 0) + 1);
  await small.remove();
});

it('refines the memory that it has, shows its figures, and says what it did if it crashed', async () => {
  const { session, states } = openSession();
  const phases: string[] = [];
  const never = new AbortController().signal;
  const onProgress = ({ phase }: Progress): number => phases.push(phase);
  const refined = await session.refine({ policy: 'default' }, onProgress, never);
  expect(refined.refined).toBe(true);
  expect(new Set(phases)).toEqual(new Set(['refining']));
  expect(states.some((state) => state.kind === 'ready' && !state.result.refined)).toBe(true);
  expect(session.state).toMatchObject({ kind: 'ready', result: refined });

  const restarting = nextState(session, 'restarting');
  const refining = session.refine(
    { policy: 'default' },
    () => {
      kill(session);
    },
    never,
  );
  await expect(refining).rejects.toThrow(/was killed .* while refining the memory\.$/u);
  await restarting;
});

it('answers in the order in which it is asked, and reads first', async () => {
  const { session } = openSession();
  const [first, second] = owned.repository.questions;
  const answers = await Promise.all(
    [first, second].map((known) =>
      session.ask(
        {
          question: known?.question ?? '',
          recall: 'both',
          maxTokens: 32,
          seed: 0,
          temperature: 0,
          mode: 'always',
        },
        () => undefined,
        new AbortController().signal,
      ),
    ),
  );
  expect(answers.map(({ question }) => question)).toEqual([first?.question, second?.question]);
});
