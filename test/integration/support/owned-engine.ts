/** The extension's owner of the engine with the real engine, apart from the editor. */

import { afterAll, afterEach, beforeAll } from 'vitest';
import { EngineProcess } from '../../../extension/engine-client/engine-process.ts';
import { EngineSession } from '../../../extension/engine-client/session.ts';
import { memoryOf } from '../../../extension/engine-client/session-state.ts';
import type { SessionState } from '../../../extension/engine-client/session-state.ts';
import type { Answer } from '../../../extension/protocol/answer.ts';
import type { Budget } from '../../../extension/protocol/budget.ts';
import type { Keep } from '../../../extension/protocol/keep.ts';
import type { OpenResult } from '../../../extension/protocol/requests/open.ts';
import { fromRoot } from '../../../scripts/support/paths.mjs';
import { generatedRepository } from '../../e2e/support/repository.ts';
import type { TemporaryRepository } from '../../e2e/support/repository.ts';

interface SessionChange {
  readonly modulePath?: string;
  readonly folder?: string;
  readonly budget?: () => Budget;
  /** Tokens per second that are known of earlier. */
  readonly speed?: number;
  readonly modelPath?: () => string | null;
  readonly keep?: Keep;
}

export interface OwnedEngine {
  readonly repository: TemporaryRepository;
  /** A session that ends with the test, and every state that it has had. */
  readonly openSession: (change?: SessionChange) => {
    readonly session: EngineSession;
    readonly states: SessionState[];
  };
  /** Asks what the repository's first question asks, of whatever model. */
  readonly ask: (session: EngineSession, maxTokens: number) => Promise<Answer>;
}

/** A small repository and its engines, for the tests of the file that calls this. */
export function ownedEngine(): OwnedEngine {
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
  return {
    get repository() {
      return repository;
    },
    openSession: (change = {}) => {
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
          ...(change.keep === undefined ? {} : { keep: change.keep }),
        }),
        speed: () => change.speed ?? null,
        onLog: () => undefined,
      });
      sessions.push(session);
      const states: SessionState[] = [];
      session.onDidChange((state) => states.push(state));
      return { session, states };
    },
    ask: (session, maxTokens) => {
      const question = repository.questions[0]?.question ?? '';
      const how = { recall: 'both', seed: 0, temperature: 0, mode: 'always' } as const;
      const parameters = { ...how, question, maxTokens };
      return session.ask(parameters, () => undefined, new AbortController().signal);
    },
  };
}

export function nextState(
  session: EngineSession,
  kind: SessionState['kind'],
): Promise<SessionState> {
  return new Promise((resolve) => {
    const subscription = session.onDidChange((state) => {
      if (state.kind !== kind) return;
      subscription.dispose();
      resolve(state);
    });
  });
}

/** What a state says to the user. */
export function sentence(state: SessionState): string {
  if (state.kind === 'failed') return state.message;
  return state.kind === 'ready' ? (state.notice ?? '') : '';
}

/** What a view shows beside the progress, state by state, without repetitions. */
export function shown(states: readonly SessionState[]): (OpenResult | null)[] {
  const results = states.map(memoryOf);
  return results.filter((result, i) => i === 0 || result !== results[i - 1]);
}

export function kill(session: EngineSession): void {
  if (session.pid === null) throw new Error('No engine runs.');
  process.kill(session.pid, 'SIGKILL');
}
