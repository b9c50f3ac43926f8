/** All failures that reach a user: a code to act on, and one sentence that says what to do. */

import { RepositoryError } from '../../repository/disk/repository-error.ts';
import { fileProblem } from '../../protocol/file-problem.ts';
import { nativeErrorCodes } from '../../protocol/errors.ts';
import type { EngineErrorCode, NativeErrorCode } from '../../protocol/errors.ts';

const nativeCodes: ReadonlySet<string> = new Set<NativeErrorCode>(nativeErrorCodes);

export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly code: EngineErrorCode;

  /**
   * @param code what happened, for programs.
   * @param message what happened and what helps, in one sentence for the user.
   */
  constructor(code: EngineErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The error of work that its own caller stopped. */
export function cancelled(cause?: unknown): EngineError {
  return new EngineError('cancelled', 'Cancelled.', { cause });
}

const stopped: EngineErrorCode = 'cancelled';

/** Returns whether work was stopped on purpose; an abort's own reason counts too. */
export function isCancellation(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'AbortError' || ('code' in error && error.code === stopped);
}

/** @throws EngineError with code `cancelled` once the signal has fired. */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled(signal.reason);
}

/**
 * Converts any thrown value to an {@link EngineError}. Keeps the addon's code and its sentence, the
 * first line; messages of libraries follow it. An unexpected error becomes `internal` with our own
 * sentence, and is logged as the cause.
 */
export function toEngineError(error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  if (error instanceof RepositoryError) {
    return new EngineError(error.code, error.message, { cause: error });
  }
  if (isCancellation(error)) return cancelled(error);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (error instanceof Error && isNativeErrorCode(code) && code !== 'internal') {
    return new EngineError(code, error.message.split('\n', 1)[0] ?? '', { cause: error });
  }
  if (isOutOfMemory(error)) {
    return new EngineError('out-of-memory', 'There is not enough memory.', { cause: error });
  }
  const sentence =
    fileProblem(error) ?? 'The engine failed unexpectedly. See the log for the cause.';
  return new EngineError('internal', sentence, { cause: error });
}

/** Returns details of a failure that are only for the log; null if its sentence says everything. */
export function othersWords({ code, cause }: EngineError): string | null {
  const ours = cause instanceof EngineError || cause instanceof RepositoryError;
  if (!(cause instanceof Error) || ours || code === stopped) return null;
  const known = code !== 'internal' && 'code' in cause && isNativeErrorCode(cause.code);
  return known && !cause.message.includes('\n') ? null : (cause.stack ?? cause.message);
}

/** Matches V8's message for an array or a text that does not fit. */
function isOutOfMemory(error: unknown): boolean {
  return (
    error instanceof RangeError &&
    /allocation failed|invalid (?:typed )?array (?:buffer )?length|invalid string length/iu.test(
      error.message,
    )
  );
}

/** Returns whether this is a code of the addon's errors. */
export function isNativeErrorCode(code: unknown): code is NativeErrorCode {
  return typeof code === 'string' && nativeCodes.has(code);
}
