/** Telling one failure of the engine from another. */

import type { ErrorCode } from '../protocol/errors.ts';
import { EngineRequestError } from './client.ts';

/** Whether an error is the engine's with this code. */
export function isCode(error: unknown, code: ErrorCode): boolean {
  return error instanceof EngineRequestError && error.code === code;
}
