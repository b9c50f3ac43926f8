/** Telling one failure of the engine from another. */

import { EngineRequestError } from './client.ts';

/** Whether an error is the engine's with this code. */
export function isCode(error: unknown, code: string): boolean {
  return error instanceof EngineRequestError && error.code === code;
}
