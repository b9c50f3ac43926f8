/** The proxy that a request goes through. */

import { HttpsProxyAgent } from 'https-proxy-agent';
import { isLoopback } from './address.ts';
import { DownloadError } from './download-error.ts';

/** Addresses of proxies as the user states them; empty: none. */
export interface ProxySettings {
  readonly http: string;
  readonly https: string;
  /** Hosts that are reached without one, such as `.example.org,10.0.0.1:8080`; `*`: all. */
  readonly except: readonly string[];
}

/** Those that programs of a terminal use. */
export function environmentProxies(environment: NodeJS.ProcessEnv = process.env): ProxySettings {
  // Where a web server runs a program, a request can set HTTP_PROXY; Loci is not run by one.
  const named = (name: string): string =>
    environment[name.toLowerCase()] ?? environment[name] ?? '';
  const all = named('ALL_PROXY');
  return {
    http: named('HTTP_PROXY') || all,
    https: named('HTTPS_PROXY') || all,
    except: named('NO_PROXY').split(/[\s,]+/u),
  };
}

/**
 * The address of the proxy for a request; null: none.
 * @throws DownloadError if it is of a kind that Loci cannot use: it must not be passed by
 */
export function proxyFor(url: URL, { http, https, except }: ProxySettings): URL | null {
  const text = url.protocol === 'https:' ? https : http;
  if (text === '' || isLoopback(url) || except.some((rule) => isExcepted(url, rule))) return null;
  const stated = /^[a-z\d+.-]+:\/\//iu.test(text) ? text : `http://${text}`;
  const proxy = URL.canParse(stated) ? new URL(stated) : null;
  if (proxy?.protocol === 'http:' || proxy?.protocol === 'https:') return proxy;
  throw new DownloadError(
    'no-network',
    'Loci cannot use the proxy that is set. State one that begins with http:// or https://.',
  );
}

/** Connects through that proxy. */
export function proxyAgent(proxy: URL): HttpsProxyAgent<string> {
  return new HttpsProxyAgent(proxy.href);
}

function isExcepted({ hostname, port, protocol }: URL, rule: string): boolean {
  const { name = '', stated } =
    /^(?:\*?\.)?(?<name>.*?)(?::(?<stated>\d+))?$/u.exec(rule.toLowerCase())?.groups ?? {};
  if (name === '') return false;
  if (stated !== undefined && stated !== (port || (protocol === 'https:' ? '443' : '80'))) {
    return false;
  }
  return name === '*' || hostname === name || hostname.endsWith(`.${name}`);
}
