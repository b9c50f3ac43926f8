/** How `loci mcp` ends, and what it leaves alone: with its stdin and stdout in the test's hands. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { engineOf, expectEnded } from '../cli/processes.ts';
import { endlessServer } from './support/endless-server.ts';
import { RawServer } from './support/mcp.ts';

const { folder, small, endless } = await endlessServer();

/** Waits for a line of the server that has this text. */
async function hear(server: RawServer, text: string): Promise<void> {
  const heard = (): boolean => server.lines.some((line) => line.includes(text));
  await expect.poll(heard, { timeout: 120_000 }).toBe(true);
}

function ask(server: RawServer, id: number): void {
  const given = { name: 'ask_repository', arguments: { question: 'Describe it.' } };
  server.tell('tools/call', { ...given, _meta: { progressToken: `p${String(id)}` } }, id);
}

describe.skipIf(process.platform === 'win32')('the end', () => {
  it.each([
    ['reads', 'Profiling|Loading|Reading'],
    ['writes', 'Writing'],
  ])('comes when stdin closes while it %s, and the engine goes with it', async (_, phase) => {
    const server = new RawServer(endless);
    server.initialize();
    ask(server, 1);
    const heard = (): boolean => server.lines.some((line) => new RegExp(phase, 'u').test(line));
    await expect.poll(heard, { timeout: 120_000 }).toBe(true);
    const engine = engineOf(server.child);
    server.child.stdin.end();
    expect(await server.exited).toBe(0);
    await expectEnded(engine);
    expect(server.messages().some(({ id }) => id === 1)).toBe(false);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('comes with %s', async (signal, code) => {
    const server = new RawServer(endless);
    server.initialize();
    ask(server, 1);
    await hear(server, 'Writing');
    const engine = engineOf(server.child);
    server.child.kill(signal);
    expect(await server.exited).toBe(code);
    await expectEnded(engine);
  });

  it('comes when nothing reads its output any more', async () => {
    const server = new RawServer(endless);
    server.initialize();
    ask(server, 1);
    await hear(server, 'Writing');
    const engine = engineOf(server.child);
    server.child.stdout.destroy();
    expect(await server.exited).toBe(0);
    await expectEnded(engine);
  });
});

describe('what is no message', () => {
  it('is left alone, and stdout carries the protocol alone', async () => {
    const server = new RawServer([...small, '--verbose']);
    server.send('not JSON');
    server.send('{"jsonrpc": "1.0"}');
    server.send(`{"jsonrpc": "2.0", "id": 7, "method": "${'x'.repeat(1_000_000)}"}`);
    server.send('\u0000\u001b[2J');
    server.send('[]');
    server.initialize();
    server.tell('tools/call', { name: 'ask_repository', arguments: 5 }, 8);
    server.tell('tools/call', { name: 'list_memory' }, 9);
    await hear(server, '"id":9');
    server.child.stdin.end();
    expect(await server.exited).toBe(0);
    const messages = server.messages();
    expect(messages.every(({ jsonrpc }) => jsonrpc === '2.0')).toBe(true);
    const answered = new Map(messages.map((message) => [message['id'], message]));
    expect(answered.get(7)).toHaveProperty('error');
    expect(answered.get(8)).toHaveProperty('error');
    expect(answered.get(9)).toHaveProperty('result.structuredContent');
  });

  it('ends the server where it has more than ten megabytes', async () => {
    const server = new RawServer(small);
    server.child.stdin.on('error', () => undefined);
    server.send('x'.repeat(11 << 20));
    expect(await server.exited).toBe(0);
  });
});

it('does not begin where there is no folder', async () => {
  const server = new RawServer(['--repo', join(folder, 'nowhere')]);
  expect(await server.exited).toBe(2);
  expect(server.lines).toEqual([]);
});
