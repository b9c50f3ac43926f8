/** Any failure in two texts: our sentence for the user, and what others say of it for the log. */

import { fileProblem } from '../protocol/file-problem.ts';
import { EngineRequestError } from './client.ts';

/** One sentence of ours; what others say of their errors is for the log alone. */
export function failureSentence(error: unknown): string {
  if (error instanceof EngineRequestError) return error.message;
  return fileProblem(error) ?? 'Loci failed unexpectedly. See the log for the cause.';
}

/** The sentence of a failure that left the memory as it was. */
export function inUse(error: unknown): string {
  return `${failureSentence(error)} The previous memory is still in use.`;
}

/** Whatever is known of a failure, for the log. */
export function failureDetail(error: unknown): string {
  if (error instanceof EngineRequestError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
