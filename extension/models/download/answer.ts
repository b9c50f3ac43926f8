/** What an answer means: more of the part, another file, or no file at all. */

import type { IncomingHttpHeaders } from 'node:http';
import type { ModelAddress } from './address.ts';
import { DownloadError } from './download-error.ts';
import { ServerBusy } from './failures.ts';
import type { PartVersion } from './part-file.ts';
import type { Answer } from './request.ts';

/** The file that an answer is of, and where in it the body begins. */
export interface Offered {
  readonly version: PartVersion;
  readonly from: number;
}

/**
 * Reads the head of an answer.
 * @param from the offset that was asked for
 * @returns null: the offset is of another version, so the file must be asked for from its start
 * @throws DownloadError if there is no such file for this user; ServerBusy
 */
export function offeredBy(
  answer: Answer,
  wanted: ModelAddress,
  from: number,
  hasToken: boolean,
): Offered | null {
  const { status, body, sha256, linkedBytes } = answer;
  if (status === 416 && from > 0) return null;
  if (status !== 200 && status !== 206) throw refusal(status, wanted, hasToken);
  if (wanted.sha256 !== null && sha256 !== null && wanted.sha256 !== sha256) {
    throw new DownloadError(
      'wrong-sum',
      `${wanted.url.host} has another ${wanted.fileName} than the one that Loci knows. Give its address if you trust it.`,
    );
  }
  const range = status === 206 ? contentRange(body.headers) : null;
  if (status === 206 && range?.from !== from) return null;
  const length = Number(body.headers['content-length'] ?? Number.NaN);
  const whole = range === null ? (Number.isSafeInteger(length) ? length : null) : range.total;
  return {
    version: {
      address: addressOf(wanted.url),
      identity: identityOf(sha256, body.headers),
      totalBytes: whole ?? linkedBytes,
    },
    from: range?.from ?? 0,
  };
}

/** The address of a file without its query, by which its part is known. */
export function addressOf(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

/** The SHA-256 in a version's identity; null: it is another one. */
export function sumOf({ identity }: PartVersion): string | null {
  return identity.startsWith('sha256:') ? identity.slice('sha256:'.length) : null;
}

/** Weak tags are not of bytes. Empty where the server says nothing. */
function identityOf(sha256: string | null, headers: IncomingHttpHeaders): string {
  if (sha256 !== null) return `sha256:${sha256}`;
  const { etag, 'last-modified': date } = headers;
  if (etag !== undefined && !etag.startsWith('W/')) return `etag:${etag}`;
  return date === undefined ? '' : `date:${date}`;
}

function contentRange(
  headers: IncomingHttpHeaders,
): { readonly from: number; readonly total: number | null } | null {
  const groups = /^bytes (?<from>\d{1,15})-\d{1,15}\/(?<total>\d{1,15}|\*)$/u.exec(
    headers['content-range'] ?? '',
  )?.groups;
  if (groups === undefined) return null;
  const total = groups['total'] === '*' ? null : Number(groups['total']);
  return { from: Number(groups['from']), total };
}

function refusal(
  status: number,
  { url, fileName }: ModelAddress,
  hasToken: boolean,
): DownloadError {
  if (status === 401 || status === 403) {
    return new DownloadError(
      'needs-token',
      hasToken
        ? `${url.host} refuses the token for ${fileName}. Use another token, or accept the terms of the model there.`
        : `${url.host} needs a token for ${fileName}.`,
    );
  }
  if (status === 404 || status === 410) {
    return new DownloadError('not-found', `${url.host} has no ${fileName}. Check the address.`);
  }
  if (status === 429 || status >= 500) {
    return new ServerBusy(
      'refused',
      `${url.host} is busy. Try again later; what has arrived is kept.`,
    );
  }
  return new DownloadError(
    'refused',
    `${url.host} answered with status ${String(status)} instead of a file. Check the address.`,
  );
}
