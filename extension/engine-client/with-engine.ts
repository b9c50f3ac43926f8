/** An engine for one piece of work. */

import { EngineRequestError } from './client.ts';
import type { EngineClient } from './client.ts';
import type { EngineProcess } from './engine-process.ts';
import type { EngineExit } from './exit.ts';
import { isCode } from './is-code.ts';

/**
 * Works with an engine that was just started, and ends it whatever happens.
 * @param explain the sentence for an engine that ended before its time
 * @throws what the work throws; EngineRequestError `engine-exited` where the engine went away.
 */
export async function withEngine<T>(
  engine: EngineProcess,
  work: (client: EngineClient) => Promise<T>,
  explain: (exit: EngineExit) => string,
): Promise<T> {
  try {
    return await work(engine.client);
  } catch (error) {
    if (!isCode(error, 'disconnected')) throw error;
    throw new EngineRequestError('engine-exited', explain(await engine.exited), { cause: error });
  } finally {
    await engine.stop();
  }
}
