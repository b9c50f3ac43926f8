/** The extension's owner of the engine, with the real engine, apart from the editor. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { fromRoot } from '../../scripts/support/paths.mjs';
import { EngineProcess } from '../../extension/engine-client/engine-process.ts';
import { EngineSession } from '../../extension/engine-client/session.ts';
import { EngineRequestError } from '../../extension/engine-client/client.ts';
import type { Answer } from '../../extension/protocol/answer.ts';
import type { Budget } from '../../extension/protocol/budget.ts';
import type { Progress } from '../../extension/protocol/notifications/progress.ts';
import type { OpenResult } from '../../extension/protocol/requests/open.ts';
import { memoryOf } from '../../extension/engine-client/session-state.ts';
import type { SessionState } from '../../extension/engine-client/session-state.ts';
import { generatedRepository } from '../e2e/support/repository.ts';
import type { TemporaryRepository } from '../e2e/support/repository.ts';
import type { ModelShape } from '../tools/random-gguf.ts';
import { shapes, writeRandomModel } from '../tools/random-gguf.ts';

const smallModel: ModelShape = {
  architecture: 'llama',
  layers: 2,
  width: 64,
  heads: 4,
  kvHeads: 2,
  headSize: 16,
  feedForward: 128,
  vocabulary: 2048,
  context: 4096,
};

let repository: TemporaryRepository;
/** Each phase takes it so long that a cancellation comes before the next. */
let slowModel: string;
const sessions: EngineSession[] = [];

beforeAll(async () => {
  repository = await generatedRepository(1_500);
  slowModel = path.join(path.dirname(repository.folder), 'talkative.gguf');
  await writeRandomModel(slowModel, shapes.talkative, 1);
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
    /** Tokens per second that are known of earlier. */
    readonly speed?: number;
    readonly modelPath?: () => string | null;
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
      modelPath: change.modelPath?.() ?? null,
      gpu: 'cpu',
      roots: [change.folder ?? repository.folder],
      budget: change.budget?.() ?? { unit: 'percent', value: 50 },
      policy: 'laprox',
      policyParameters: {},
      kvType: 'f16',
    }),
    speed: () => change.speed ?? null,
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

/** What a view shows beside the progress, state by state, without repetitions. */
function shown(states: readonly SessionState[]): (OpenResult | null)[] {
  const results = states.map(memoryOf);
  return results.filter((result, i) => i === 0 || result !== results[i - 1]);
}

function ask(session: EngineSession, maxTokens: number): Promise<Answer> {
  const question = repository.questions[0]?.question ?? '';
  const how = { recall: 'both', seed: 0, temperature: 0, mode: 'always' } as const;
  const parameters = { ...how, question, maxTokens };
  return session.ask(parameters, () => undefined, new AbortController().signal);
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

it('continues a reading that was stopped, beside the memory that answers, as often as it is stopped', async () => {
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
  expect(answer.notices.join()).toMatch(/Only \d+ of \d+ files/u);
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
  const answer = await ask(session, 8);
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

it('answers and completes from the earlier memory while the repository is read again', async () => {
  const { session, states } = openSession();
  await session.read('requested');
  const first = memoryOf(session.state);
  expect(first).not.toBeNull();
  states.length = 0;
  const reading = session.read('requested');
  const answer = await ask(session, 4);
  expect(session.state).toMatchObject({ kind: 'reading', result: first });
  expect(answer.notices.join()).not.toMatch(/Only \d+ of \d+ files/u);
  const cursor = { path: 'a.ts', prefix: 'const a', suffix: '', maxTokens: 2 };
  expect(await session.complete(cursor, new AbortController().signal)).not.toBeNull();
  expect(session.state).toMatchObject({ kind: 'reading', result: first });
  await reading;
  expect(shown(states)).toEqual([first, memoryOf(session.state)]);
  expect(session.state).toMatchObject({ kind: 'ready', notice: null });
});

it('shows nothing of the earlier memory once another model has taken its place', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'loci-model-'));
  try {
    const model = path.join(folder, 'other.gguf');
    await writeRandomModel(model, smallModel, 1);
    let modelPath: string | null = null;
    const { session, states } = openSession({ modelPath: () => modelPath });
    await session.read('requested');
    const first = memoryOf(session.state);
    states.length = 0;
    modelPath = model;
    const reading = session.read('settings');
    const answer = await ask(session, 2);
    await reading;
    const second = memoryOf(session.state);
    expect(second?.model.path).toBe(model);
    expect(shown(states)).toEqual([first, null, second]);
    expect(answer.kind).toBe('text');

    modelPath = path.join(folder, 'none.gguf');
    await session.read('settings');
    expect(session.state).toMatchObject({ kind: 'ready', result: second });
    expect(session.state).toHaveProperty('notice', expect.stringContaining('earlier memory'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

it('counts first, and reads at once where that is quick', async () => {
  const { session, states } = openSession();
  await session.propose();
  const kinds = states.map(({ kind }) => kind).filter((kind, i, all) => kind !== all[i - 1]);
  expect(kinds).toEqual(['counting', 'reading', 'ready']);
});

it('proposes a reading that takes long: nothing is read before the user agrees', async () => {
  const { session } = openSession({ speed: 1 });
  await session.propose();
  const { state } = session;
  if (state.kind !== 'proposed') throw new Error(`The session is ${state.kind}.`);
  expect(state.estimate.tokens).toBeGreaterThan(1_000);
  expect(state.estimate.seconds).toBe(state.estimate.tokens);
  session.decline();
  expect(session.state).toEqual({ kind: 'idle' });
  expect(session.declined).toBe(true);

  const waiting = ask(session, 4);
  await nextState(session, 'proposed');
  session.decline();
  await expect(waiting).rejects.toThrow('Cancelled before the repository was read.');

  const answered = ask(session, 4);
  await nextState(session, 'proposed');
  await session.read('requested');
  expect((await answered).outputTokens).toBeGreaterThan(0);
});

it('reads nothing again where another budget comes to what is held, and says what the new one is', async () => {
  const folder = await generatedRepository(9_000);
  try {
    let budget: Budget = { unit: 'mebibytes', value: 900 * 1024 };
    const { session, states } = openSession({ folder: folder.folder, budget: () => budget });
    await session.read('requested');
    const first = memoryOf(session.state);
    expect(first?.notices.join()).toContain('This model can hold at most');
    states.length = 0;
    budget = { unit: 'mebibytes', value: 800 * 1024 };
    await session.read('settings');
    expect(states.map(({ kind }) => kind)).toEqual(['ready']);
    expect(memoryOf(session.state)).toEqual(first);
    budget = { unit: 'tokens', value: first?.budget.tokens ?? 0 };
    expect(await session.adopt()).toBe(true);
    expect(memoryOf(session.state)).toEqual({ ...first, notices: [] });
    expect(session.state).toHaveProperty('notice', null);
    budget = { unit: 'tokens', value: 10 };
    expect(await session.adopt()).toBe(true);
    expect(sentence(session.state)).toContain('Use at least 64 tokens.');
    budget = { unit: 'tokens', value: 256 };
    expect(await session.adopt()).toBe(false);
    const tokens = (first?.budget.tokens ?? 0).toLocaleString('en');
    expect(session.outdated).toBe(
      `This memory was read with a budget of ${tokens} tokens; Read Again uses the new settings.`,
    );
    budget = { unit: 'tokens', value: first?.budget.tokens ?? 0 };
    expect(await session.adopt()).toBe(true);
    expect(session.outdated).toBeNull();
    expect((await ask(session, 2)).outputTokens).toBeGreaterThan(0);
    expect(states.every(({ kind }) => kind === 'ready')).toBe(true);
  } finally {
    await folder.remove();
  }
});
