import http from 'node:http';
import type { Config } from './config.ts';
import type { Rider } from './domain/rider.ts';
import { ApiError, toApiError } from './support/api-error.ts';
import type { Logger } from './support/logger.ts';
import type { DeliveryStore } from './storage/delivery-store.ts';
import type { JobFolder } from './storage/job-folder.ts';
import { deliveryRoutes } from './routes/deliveries.ts';
import { roundRoutes } from './routes/rounds.ts';
import type { Route } from './routes/route.ts';
import { matchRoute } from './routes/route.ts';
import { statusRoutes } from './routes/status.ts';

/** Larger bodies are refused. */
export const MAX_BODY_BYTES = 65536;

export interface Services {
  readonly config: Config;
  readonly logger: Logger;
  readonly deliveries: DeliveryStore;
  readonly riders: readonly Rider[];
  readonly jobs: JobFolder;
}

export function createServer(services: Services): http.Server {
  const routes: readonly Route[] = [
    ...deliveryRoutes(services),
    ...roundRoutes(services),
    ...statusRoutes(services),
  ];
  return http.createServer((request, response) => {
    void respond(request, response, routes, services);
  });
}

async function respond(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  routes: readonly Route[],
  { config, logger }: Services,
): Promise<void> {
  try {
    checkKey(request, config.apiKeys);
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const match = matchRoute(routes, request.method ?? 'GET', pathname);
    if (match === null) throw new ApiError('not-found', 404, `There is no ${pathname}.`);
    const body = await readBody(request);
    send(response, 200, await match.route.handle({ parameters: match.parameters, body }));
  } catch (error) {
    const failure = toApiError(error);
    if (failure.status === 500) logger.error(String(error));
    send(response, failure.status, {
      error: { code: failure.code, message: failure.message },
    });
  }
}

function checkKey(request: http.IncomingMessage, keys: readonly string[]): void {
  if (keys.length === 0) return;
  const key = request.headers['x-api-key'];
  if (typeof key !== 'string' || !keys.includes(key)) {
    throw new ApiError('unknown-key', 401, 'Send a known key in the header x-api-key.');
  }
}

async function readBody(request: http.IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const buffer = Buffer.from(chunk as Uint8Array);
    bytes += buffer.length;
    if (bytes > MAX_BODY_BYTES) throw new ApiError('too-large', 413, 'The body is too large.');
    chunks.push(buffer);
  }
  if (bytes === 0) return null;
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new ApiError('not-json', 400, 'The body is not JSON.');
  }
}

function send(response: http.ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
