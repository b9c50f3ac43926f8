/** An engine for one task. */

import { EngineRequestError } from './client.ts';
import type { EngineClient } from './client.ts';
import type { EngineProcess } from './engine-process.ts';
import type { EngineExit } from './exit.ts';
import { isCode } from './is-code.ts';

/**
 * Works with an engine that was just started, and always stops it.
 * @param explain the sentence for an engine that ended early
 * @throws what the work throws; EngineRequestError `engine-exited` if the engine has gone.
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
