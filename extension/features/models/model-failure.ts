/** The sentence of a failure while models are downloaded or deleted. */

import { failureSentence } from '../../engine-client/failure.ts';
import { DownloadError } from '../../models/download/download-error.ts';

/** Returns our own sentence; messages of other errors are only for the log. */
export function sentenceOf(error: unknown): string {
  return error instanceof DownloadError ? error.sentence : failureSentence(error);
}
