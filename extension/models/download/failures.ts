/** Failures of connections and disks in words, and which of them may pass. */

import { fileProblem } from '../../protocol/file-problem.ts';
import { DownloadError } from './download-error.ts';

/** The server cannot answer now; it may later. */
export class ServerBusy extends DownloadError {}

/** The connection ended in the middle, or the part is of another version: ask again. */
export class AskAgain extends Error {}

/** No connection came about. */
const unreachable = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'ENOTFOUND',
]);
/** A connection was cut. */
const cut = new Set(['ECONNABORTED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'HPE_INVALID_EOF_STATE']);
const certificate = /CERT|SELF_SIGNED|UNABLE_TO_(?:GET_ISSUER|VERIFY)/u;

/** Whether the same request may succeed later. */
export function isPassing(error: unknown): boolean {
  return (
    error instanceof ServerBusy ||
    error instanceof AskAgain ||
    cut.has(codeOf(error)) ||
    isUnreachable(error)
  );
}

/** Whether no connection came about. */
export function isUnreachable(error: unknown): boolean {
  return unreachable.has(codeOf(error));
}

/**
 * The failure of a download as one sentence for the user.
 * @param stopped whether the user stopped it
 */
export function wordedFailure(error: unknown, { host }: URL, stopped: boolean): DownloadError {
  if (error instanceof DownloadError && !(stopped && isPassing(error))) return error;
  if (stopped) {
    return new DownloadError(
      'stopped',
      'The download was stopped. Choose the model again to go on from there.',
    );
  }
  const code = codeOf(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new DownloadError(
      'disk-full',
      'The disk is full. Make room, then choose the model again: what has arrived is kept.',
    );
  }
  if (certificate.test(code)) {
    return new DownloadError(
      'no-network',
      `The certificate of ${host} cannot be verified. Check the clock, the proxy or the address.`,
    );
  }
  if (isPassing(error)) {
    return new DownloadError(
      'no-network',
      `${host} cannot be reached. Check the network, then choose the model again: what has arrived is kept.`,
    );
  }
  const problem = fileProblem(error);
  return new DownloadError(
    'refused',
    problem ?? `The download from ${host} failed. Try again: what has arrived is kept.`,
  );
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
