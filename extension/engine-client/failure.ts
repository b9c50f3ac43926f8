/** Two texts for any failure: our sentence for the user, and details for the log. */

import { fileProblem } from '../protocol/file-problem.ts';
import { EngineRequestError } from './client.ts';

/** Returns our own sentence; messages of other errors are only for the log. */
export function failureSentence(error: unknown): string {
  if (error instanceof EngineRequestError) return error.message;
  return fileProblem(error) ?? 'Loci failed unexpectedly. See the log for the cause.';
}

/** Returns the sentence of a failure that did not change the memory. */
export function inUse(error: unknown): string {
  return `${failureSentence(error)} The previous memory is still in use.`;
}

/** Returns all details of a failure, for the log. */
export function failureDetail(error: unknown): string {
  if (error instanceof EngineRequestError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
