/** Distinguishes the engine's failures. */

import type { ErrorCode } from '../protocol/errors.ts';
import { EngineRequestError } from './client.ts';

/** Returns whether an error is the engine's and has this code. */
export function isCode(error: unknown, code: ErrorCode): boolean {
  return error instanceof EngineRequestError && error.code === code;
}
