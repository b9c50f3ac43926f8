/** Why a download ended before its file was there. */

type DownloadProblem =
  /** The user stopped it; what came is kept. */
  | 'stopped'
  | 'invalid-address'
  | 'not-found'
  | 'needs-token'
  | 'disk-full'
  | 'wrong-sum'
  | 'not-a-model'
  | 'exists'
  | 'busy'
  | 'no-network'
  | 'refused';

/** Ends a download. */
export class DownloadError extends Error {
  override readonly name = 'DownloadError';
  readonly code: DownloadProblem;
  /** For the user: what happened, and what to do. */
  readonly sentence: string;

  constructor(code: DownloadProblem, sentence: string) {
    super(sentence);
    this.code = code;
    this.sentence = sentence;
  }
}
