/** One request for a part of a file, with its redirects. */

import { request as requestHttp } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isAllowed, isLoopback, isOnHub } from './address.ts';
import { DownloadError } from './download-error.ts';
import { proxyAgent, proxyFor } from './proxy.ts';
import type { ProxySettings } from './proxy.ts';

/** How requests are made. */
export interface Network {
  /** The hub that the user set: the only other host that may be reached unencrypted. */
  readonly hub: string;
  /** Sent to the first host only; null: none. */
  readonly token: string | null;
  readonly proxies: ProxySettings;
  /** How long nothing may arrive before the connection counts as cut. */
  readonly idleMs?: number;
}

/** An answer whose body is still to be read. */
export interface Answer {
  readonly status: number;
  /** The body; destroy it where it is not read. */
  readonly body: IncomingMessage;
  /** SHA-256 of the whole file as the first host states it; null: it does not. */
  readonly sha256: string | null;
  /** Bytes of the whole file as the first host states them. */
  readonly linkedBytes: number | null;
}

const mostRedirects = 10;
const redirects = new Set([301, 302, 303, 307, 308]);
const defaultIdleMs = 60_000;

/**
 * Asks for a file from an offset to its end.
 * @param from bytes; 0: the whole file
 * @throws DownloadError if a redirect leads where Loci does not connect; else the connection's error
 */
export async function requestFile(
  start: URL,
  from: number,
  network: Network,
  signal: AbortSignal,
): Promise<Answer> {
  let url = start;
  let token = network.token;
  let stated: Pick<Answer, 'sha256' | 'linkedBytes'> = { sha256: null, linkedBytes: null };
  for (let hops = 0; hops <= mostRedirects; hops++) {
    const body = await send(url, { ...network, token }, from, signal);
    // What another host says of the file is not the hub's word.
    if (url.origin === start.origin) {
      const said = linkedFacts(body);
      stated = {
        sha256: stated.sha256 ?? said.sha256,
        linkedBytes: stated.linkedBytes ?? said.linkedBytes,
      };
    }
    const status = body.statusCode ?? 0;
    const { location } = body.headers;
    if (!redirects.has(status) || location === undefined) return { status, body, ...stated };
    body.destroy();
    const next = followed(location, url, network.hub);
    // Once it has left the first host, no host may have the token: not even the first again.
    if (next.origin !== start.origin) token = null;
    url = next;
  }
  throw new DownloadError('refused', `${start.host} redirects in a circle. Use another address.`);
}

/** @throws DownloadError */
function followed(location: string, from: URL, hub: string): URL {
  const next = URL.canParse(location, from.href) ? new URL(location, from.href) : null;
  if (next === null || !mayLead(from, next, hub)) {
    throw new DownloadError(
      'refused',
      `${from.host} redirects to an address that is not encrypted. Use another address.`,
    );
  }
  return next;
}

/** A server must not lead to what only the user may name: another program on this machine. */
function mayLead(from: URL, to: URL, hub: string): boolean {
  if (to.protocol === 'https:') return true;
  return (
    from.protocol === 'http:' &&
    isAllowed(to, hub) &&
    (to.origin === from.origin || isOnHub(to, hub) || isLoopback(from))
  );
}

function send(
  url: URL,
  { token, proxies, idleMs = defaultIdleMs }: Network,
  from: number,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const proxy = proxyFor(url, proxies);
  const headers: Record<string, string> = {
    'user-agent': 'loci',
    accept: '*/*',
    // Offsets are those of the file itself.
    'accept-encoding': 'identity',
  };
  if (from > 0) headers['range'] = `bytes=${String(from)}-`;
  if (token !== null) headers['authorization'] = `Bearer ${token}`;
  const options = { headers, signal, ...(proxy === null ? {} : { agent: proxyAgent(proxy) }) };
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options, resolve);
    request.setTimeout(idleMs, () => {
      request.destroy(Object.assign(new Error('Nothing arrived.'), { code: 'ETIMEDOUT' }));
    });
    // What a proxy answers in place of the tunnel is not the host's word.
    request.on('proxyConnect', ({ statusCode }: { readonly statusCode: number }) => {
      if (statusCode !== 200) request.destroy(refusedByProxy(statusCode, url));
    });
    request.on('error', reject);
    request.end();
  });
}

function refusedByProxy(status: number, { host }: URL): DownloadError {
  return new DownloadError(
    'no-network',
    status === 407
      ? 'The proxy asks for a password. Put it into the address of the proxy.'
      : `The proxy does not connect to ${host} (status ${String(status)}). Check the proxy.`,
  );
}

/** What the hub says of a file that it keeps elsewhere: its entity tag is the file's SHA-256. */
function linkedFacts({ headers }: IncomingMessage): Pick<Answer, 'sha256' | 'linkedBytes'> {
  const tag = headers['x-linked-etag'];
  const size = headers['x-linked-size'];
  const sum = /^(?:W\/)?"?(?<sum>[\da-f]{64})"?$/iu.exec(typeof tag === 'string' ? tag : '');
  return {
    sha256: sum?.groups?.['sum']?.toLowerCase() ?? null,
    linkedBytes: typeof size === 'string' && /^\d{1,15}$/u.test(size) ? Number(size) : null,
  };
}
