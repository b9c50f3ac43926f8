/** Requests through a real proxy. */

import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ModelServer } from '../../../test/fixtures/model-server.ts';
import { requestFile } from './request.ts';

const hub = 'http://mirror.example';

let server: ModelServer;
let proxy: Server;
let refusal: string | null;
const tunnels: string[] = [];
beforeEach(async () => {
  server = await new ModelServer().listen();
  refusal = null;
  tunnels.length = 0;
  proxy = createServer();
  proxy.on('connect', ({ url, headers }, socket) => {
    tunnels.push(`${url ?? ''} ${headers['proxy-authorization'] ?? ''}`);
    if (refusal !== null) {
      socket.end(refusal);
      return;
    }
    const onward = connect(Number(new URL(server.address()).port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  proxy.closeAllConnections();
  await new Promise((resolve) => proxy.close(resolve));
  await server.close();
});

function ask(): ReturnType<typeof requestFile> {
  const { port } = proxy.address() as AddressInfo;
  const proxies = { http: `http://user:word@127.0.0.1:${String(port)}`, https: '', except: [] };
  const network = { hub, token: 'hf_secret', proxies, idleMs: 5_000 };
  return requestFile(new URL(`${hub}/x.gguf`), 7, network, new AbortController().signal);
}

it('go through its tunnel, and the token goes to the host alone', async () => {
  server.file('/x.gguf', Buffer.from('the whole file'));
  const { status, body } = await ask();
  expect([status, await text(body)]).toEqual([206, 'le file']);
  const basic = Buffer.from('user:word').toString('base64');
  expect(tunnels).toEqual([`mirror.example:80 Basic ${basic}`]);
  expect(server.requests[0]?.headers).toMatchObject({
    host: 'mirror.example',
    authorization: 'Bearer hf_secret',
  });
  expect(server.requests[0]?.headers).not.toHaveProperty('proxy-authorization');
});

it('do not follow a redirect from another machine to this one', async () => {
  server.redirect('/x.gguf', `${server.address()}/inner`);
  await expect(ask()).rejects.toThrow('redirects to an address that is not encrypted');
  expect(server.requests.map(({ path }) => path)).toEqual(['/x.gguf']);
});

it.each([
  ['407 Authentication Required', 'The proxy asks for a password.'],
  ['503 Down', 'The proxy does not connect to mirror.example (status 503).'],
  ['302 Elsewhere', 'The proxy does not connect to mirror.example (status 302).'],
])('end where it answers %s in place of the host', async (status, sentence) => {
  const sum = '0'.repeat(64);
  refusal = `HTTP/1.1 ${status}\r\nlocation: ${server.address()}/x.gguf\r\nx-linked-etag: "${sum}"\r\n\r\n`;
  server.file('/x.gguf', Buffer.from('the whole file'));
  await expect(ask()).rejects.toThrow(sentence);
  expect(server.requests).toEqual([]);
});
