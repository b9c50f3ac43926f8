/** Where a model is downloaded from, as a user writes it. */

import { usualHub } from '../../protocol/model-hub.ts';
import { plainLine } from '../../protocol/plain-text.ts';
import { DownloadError } from './download-error.ts';

/** What to download, and what is known of it. */
export interface ModelAddress {
  readonly url: URL;
  /** The name of the file in the folder of models: no folder, ends in `.gguf`. */
  readonly fileName: string;
  /** Lower-case hexadecimal; null: the hub's own counts, if it states one. */
  readonly sha256: string | null;
}

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);
const onHub = /^(?<owner>[\w.-]+)\/(?<repository>[\w.-]+)\/(?<file>[\w./+-]+\.gguf)$/iu;
/** Names that are safe on every system. */
const safeName = /^[\p{L}\p{N}_][\p{L}\p{N}_.+ -]{0,180}\.gguf$/iu;

/**
 * Reads an address: `https://…/NAME.gguf`, or `OWNER/REPOSITORY/NAME.gguf` on the hub.
 * @param hub the hub's address, which the user may set
 * @throws DownloadError with a sentence that says what to write instead
 */
export function modelAddress(text: string, hub: string): ModelAddress {
  const bare = text.trim();
  const { owner, repository, file } = onHub.exec(bare)?.groups ?? {};
  const written =
    file === undefined ? bare : hubFile(hub, `${owner ?? ''}/${repository ?? ''}`, file);
  const url = parsed(written);
  if (url === null || !isAllowed(url, hub)) {
    const shown = plainLine(bare, 120);
    throw invalid(
      url?.protocol === 'http:'
        ? `“${shown}” is not encrypted. Use an address that begins with https://.`
        : `“${shown}” is not the address of a model. Use https://…/NAME.gguf or OWNER/REPOSITORY/NAME.gguf.`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw invalid('The address contains a password. Leave it out.');
  }
  url.hash = '';
  // The page of a file, which is what a browser shows, is beside the file itself.
  if (url.origin === parsed(hub)?.origin || url.origin === usualHub) {
    url.pathname = url.pathname.replace(/^(?<model>\/[^/]+\/[^/]+)\/blob\//u, '$<model>/resolve/');
  }
  return { url, fileName: fileNameOf(url), sha256: null };
}

/** A hub's address as a user states it, without slashes at its end; null: it is none. */
export function hubAddress(text: string): string | null {
  const url = parsed(text.trim());
  const usable =
    url !== null &&
    (url.protocol === 'https:' || url.protocol === 'http:') &&
    [url.username, url.password, url.search, url.hash].every((part) => part === '');
  return usable ? url.href.replace(/\/+$/u, '') : null;
}

/** The address of a file of a repository on the hub. */
export function hubFile(hub: string, repository: string, file: string): string {
  return `${hub}/${repository}/resolve/main/${file}`;
}

/**
 * Whether Loci connects there: encrypted, or on this machine, or the hub that the user set.
 * @param hub the hub's address
 */
export function isAllowed(url: URL, hub: string): boolean {
  if (url.protocol === 'https:') return true;
  return url.protocol === 'http:' && (isLoopback(url) || url.origin === parsed(hub)?.origin);
}

/** Whether an address is on this machine. */
export function isLoopback({ hostname }: URL): boolean {
  return loopback.has(hostname);
}

/** Whether a token for the hub may be sent there. */
export function isOnHub(url: URL, hub: string): boolean {
  return url.origin === parsed(hub)?.origin;
}

function fileNameOf({ pathname }: URL): string {
  const name = decoded(pathname.split('/').at(-1) ?? '');
  if (!safeName.test(name)) {
    throw invalid('The address does not end in the name of a GGUF file, such as MODEL.gguf.');
  }
  if (/-\d{5}-of-\d{5}\.gguf$/iu.test(name)) {
    throw invalid(`${name} is one part of a model. Choose a model that is one file.`);
  }
  return name;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

function parsed(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

function invalid(message: string): DownloadError {
  return new DownloadError('invalid-address', message);
}
