/** The extension's owner of the engine, with the real engine, apart from the editor. */

import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { fromRoot } from '../../scripts/support/paths.mjs';
import { EngineProcess } from '../../extension/engineClient/engineProcess.ts';
import { EngineSession } from '../../extension/engineClient/session.ts';
import { EngineRequestError } from '../../extension/protocol/client.ts';
import type { Budget, Progress } from '../../extension/protocol/engine.ts';
import type { SessionState } from '../../extension/engineClient/sessionState.ts';
import { generatedRepository } from '../e2e/support/repository.ts';
import type { TemporaryRepository } from '../e2e/support/repository.ts';

let repository: TemporaryRepository;
const sessions: EngineSession[] = [];

beforeAll(async () => {
  repository = await generatedRepository(1_500);
});
afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.dispose()));
});
afterAll(async () => {
  await repository.remove();
});

function openSession(
  change: {
    readonly modulePath?: string;
    readonly folder?: string;
    readonly budget?: () => Budget;
  } = {},
): {
  readonly session: EngineSession;
  readonly states: SessionState[];
} {
  const session = new EngineSession({
    startEngine: (listener) =>
      new EngineProcess({
        modulePath: change.modulePath ?? fromRoot('dist', 'engine.mjs'),
        listener,
        onOutput: () => undefined,
      }),
    parameters: () => ({
      modelPath: null,
      gpu: 'cpu',
      roots: [change.folder ?? repository.folder],
      budget: change.budget?.() ?? { unit: 'percent', value: 50 },
      policy: 'laprox',
      policyParameters: {},
      kvType: 'f16',
    }),
    onLog: () => undefined,
  });
  sessions.push(session);
  const states: SessionState[] = [];
  session.onDidChange((state) => states.push(state));
  return { session, states };
}

function nextState(session: EngineSession, kind: SessionState['kind']): Promise<SessionState> {
  return new Promise((resolve) => {
    const subscription = session.onDidChange((state) => {
      if (state.kind !== kind) return;
      subscription.dispose();
      resolve(state);
    });
  });
}

/** What a state says to the user. */
function sentence(state: SessionState): string {
  if (state.kind === 'failed') return state.message;
  return state.kind === 'ready' ? (state.notice ?? '') : '';
}

function kill(session: EngineSession): void {
  if (session.pid === null) throw new Error('No engine runs.');
  process.kill(session.pid, 'SIGKILL');
}

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
      /killed \(SIGKILL.* while it was idle\. It was started again\./u,
    );
  }
  const failed = nextState(session, 'failed');
  kill(session);
  expect(sentence(await failed)).toContain('It stopped 4 times within three minutes');
  expect(session.state).toMatchObject({ code: 'engine-crashed' });
  await session.restart();
  expect(session.state).toMatchObject({ kind: 'ready', notice: null });
});

it('says in one sentence what makes reading impossible', async () => {
  const { session } = openSession({ folder: `${repository.folder}/none` });
  await session.read('requested');
  expect(session.state).toMatchObject({ kind: 'failed', code: 'repository-not-found' });
  expect(sentence(session.state)).toMatch(/^[^.]+none[^.]*\.$/u);
});

it('gives up on an engine that is not there, with its own last words', async () => {
  const { session } = openSession({ modulePath: fromRoot('dist', 'no-such-engine.mjs') });
  const failed = nextState(session, 'failed');
  await session.read('requested');
  expect(sentence(await failed)).toMatch(
    /stopped with exit code 1 while it started: .*Cannot find module/u,
  );
});

it('can be cancelled in every phase, and asked again', async () => {
  const { session, states } = openSession();
  for (const phase of [null, 'listing', 'loading', 'reading'] as const) {
    const subscription = session.onDidChange((state) => {
      if (state.kind !== 'reading' || state.cancelling) return;
      if ((state.progress?.phase ?? null) === phase) session.cancelReading();
    });
    await session.read('requested');
    subscription.dispose();
    expect(['cancelled', 'ready']).toContain(session.state.kind);
    expect(states.at(-1)).toBe(session.state);
  }
  const question = repository.questions[0]?.question ?? '';
  const answer = await session.ask(
    { question, recall: 'both', maxTokens: 32, seed: 0, temperature: 0, mode: 'always' },
    () => undefined,
    new AbortController().signal,
  );
  expect(answer.outputTokens).toBeGreaterThan(0);
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
  const [first, second] = repository.questions;
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

it('keeps the memory, and says why, where a setting makes no sense or a budget is too small', async () => {
  let wanted: Budget | string = { unit: 'percent', value: 50 };
  const { session, states } = openSession({
    budget: () => {
      if (typeof wanted === 'string') throw new EngineRequestError('invalid-setting', wanted);
      return wanted;
    },
  });
  await session.read('requested');
  const first = session.state.kind === 'ready' ? session.state.result : null;
  expect(first).not.toBeNull();
  states.length = 0;
  wanted = '"ten" is not a budget.';
  await session.read('settings');
  await session.restart();
  const typo = '"ten" is not a budget. The earlier memory is in use.';
  expect(session.state).toEqual({ kind: 'ready', result: first, notice: typo });
  expect(states.every(({ kind }) => kind === 'ready')).toBe(true);
  wanted = { unit: 'percent', value: 50 };
  await session.read('settings');
  expect(session.state).toEqual({ kind: 'ready', result: first, notice: null });
  expect(states.every(({ kind }) => kind === 'ready')).toBe(true);
  wanted = { unit: 'tokens', value: 10 };
  await session.read('settings');
  expect(session.state).toMatchObject({ kind: 'ready', result: first });
  expect(session.state).toHaveProperty(
    'notice',
    expect.stringContaining('Use at least 64 tokens.'),
  );
  const signal = new AbortController().signal;
  const question = repository.questions[0]?.question ?? '';
  const answer = await session.ask(
    { question, recall: 'both', maxTokens: 8, seed: 0, temperature: 0, mode: 'always' },
    () => undefined,
    signal,
  );
  expect(answer.outputTokens).toBeGreaterThan(0);
});

it('goes back to the earlier memory where the new reading is cancelled', async () => {
  const { session } = openSession();
  await session.read('requested');
  const first = session.state.kind === 'ready' ? session.state.result : null;
  const subscription = session.onDidChange((state) => {
    if (state.kind === 'reading' && (state.progress?.tokens ?? 0) > 0) {
      subscription.dispose();
      session.cancelReading();
    }
  });
  await session.read('requested');
  expect(session.state).toMatchObject({ kind: 'ready', result: first });
  expect(session.state).toHaveProperty('notice', expect.stringMatching(/cancelled/u));
});
