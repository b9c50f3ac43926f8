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

/** Its message is for the user: what happened, and what to do. */
export class DownloadError extends Error {
  override readonly name = 'DownloadError';
  readonly code: DownloadProblem;

  constructor(code: DownloadProblem, message: string) {
    super(message);
    this.code = code;
  }
}
