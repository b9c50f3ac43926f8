/** The real engine in the test's own process, on the device that LOCI_TEST_GPU names. */
import { afterAll } from 'vitest';
import { loadAddon } from '../../../extension/engine/native/addon.ts';
import { cacheDirectory } from '../../../extension/engine/native/cache-directory.ts';
import { Session } from '../../../extension/engine/session.ts';
import type { Gpu } from '../../../extension/protocol/gpu.ts';
import type { Progress } from '../../../extension/protocol/notifications/progress.ts';
import type { AskParameters } from '../../../extension/protocol/requests/ask.ts';
import type { OpenParameters } from '../../../extension/protocol/requests/open.ts';
import type { EngineState } from '../../../extension/protocol/notifications/state.ts';

/** Which device the tests of the engine run on; the CPU unless told otherwise. */
export const testGpu: Exclude<Gpu, 'auto'> =
  process.env['LOCI_TEST_GPU'] === 'vulkan' ? 'vulkan' : 'cpu';

/** Lavapipe computes a hundred tokens a second: what is read there is small. */
export const onSlowDevice = testGpu === 'vulkan';

/** A signal that never fires. */
export const never: AbortSignal = new AbortController().signal;

export interface TestEngine {
  readonly session: Session;
  /** What it told so far. */
  readonly progress: Progress[];
  readonly states: EngineState[];
  /** Is called in the very moment in which the engine tells something, before it goes on. */
  onEvent: (event: Progress | EngineState) => void;
}

const sessions: Session[] = [];
afterAll(async () => {
  for (const session of sessions) await session.close();
});

/** An engine that is closed when the file's tests are over. */
export async function startEngine(): Promise<TestEngine> {
  const progress: Progress[] = [];
  const states: EngineState[] = [];
  const session = new Session(await loadAddon(cacheDirectory()), cacheDirectory(), {
    onProgress: (event) => {
      progress.push(event);
      engine.onEvent(event);
    },
    onState: (state) => {
      states.push(state);
      engine.onEvent(state);
    },
    onLog: () => undefined,
  });
  const engine: TestEngine = { session, progress, states, onEvent: () => undefined };
  sessions.push(session);
  return engine;
}

/** What to open, with the test's device and the bundled model. */
export function opening(root: string, changes: Partial<OpenParameters> = {}): OpenParameters {
  return {
    modelPath: null,
    gpu: testGpu,
    roots: [root],
    budget: { unit: 'tokens', value: 512 },
    policy: 'default',
    policyParameters: {},
    kvType: 'f16',
    // Test files run side by side; more threads than cores would wait for each other by spinning.
    threads: Number(process.env['LOCI_THREADS'] ?? '1'),
    ...changes,
  };
}

/** A question, answered greedily, in words whatever it is. */
export function asking(question: string, changes: Partial<AskParameters> = {}): AskParameters {
  return {
    question,
    recall: 'both',
    maxTokens: 32,
    seed: 0,
    temperature: 0,
    mode: 'always',
    ...changes,
  };
}

/** The code of the error that work ends with; `fulfilled` where it does not. */
export async function failureOf(
  work: Promise<unknown>,
): Promise<{ readonly code: string; readonly message: string }> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
      return { code: error.code, message: error.message };
    }
    throw error;
  }
  return { code: 'fulfilled', message: '' };
}
