/** An engine for one piece of work, beside the one that holds the memory. */

import { EngineRequestError } from './client.ts';
import type { EngineClient, EngineListener } from './client.ts';
import type { EngineProcess } from './engine-process.ts';
import { describeExit } from './exit.ts';
import { isCode } from './is-code.ts';

/**
 * Starts an engine, works with it and ends it, whatever happens.
 * @throws what the work throws; EngineRequestError `engine-exited` where the engine went away.
 */
export async function withSecondEngine<T>(
  start: (listener: EngineListener) => EngineProcess,
  listener: EngineListener,
  work: (client: EngineClient) => Promise<T>,
): Promise<T> {
  const engine = start(listener);
  try {
    return await work(engine.client);
  } catch (error) {
    if (!isCode(error, 'disconnected')) throw error;
    const sentence = describeExit(await engine.exited, 'answering');
    throw new EngineRequestError('engine-exited', sentence, { cause: error });
  } finally {
    await engine.stop();
  }
}
