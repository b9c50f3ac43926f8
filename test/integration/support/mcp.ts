/** `loci mcp` with the public library's own client, and without one. */
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import type { Progress } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { afterAll } from 'vitest';
import { program } from '../../cli/loci.ts';

const environment = z.record(z.string(), z.string());

/** What a tool returned. */
export interface Called {
  readonly text: string;
  readonly data: unknown;
  readonly isError: boolean;
}

export interface CallOptions {
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/** A server with a client that is connected to it. */
export class McpSession {
  readonly client = new Client({ name: 'test', version: '1.0.0' });
  readonly #transport: StdioClientTransport;
  #log = '';

  /** @param argv what follows `loci mcp` */
  constructor(argv: readonly string[]) {
    this.#transport = new StdioClientTransport({
      command: process.execPath,
      args: [program, 'mcp', ...argv],
      env: environment.parse({ ...process.env }),
      stderr: 'pipe',
    });
    this.#transport.stderr?.on('data', (data: Buffer) => {
      this.#log += data.toString();
    });
    sessions.push(this);
  }

  /** The process of the server. */
  get pid(): number | null {
    return this.#transport.pid;
  }

  /** What it wrote to stderr. */
  get log(): string {
    return this.#log;
  }

  /** Starts the server and shakes hands. */
  async connect(): Promise<this> {
    await this.client.connect(this.#transport);
    return this;
  }

  /** Calls a tool with arguments that need not suit it. */
  async call(name: string, given: unknown, options: CallOptions = {}): Promise<Called> {
    const { onProgress, signal } = options;
    const result = await this.client.request(
      { method: 'tools/call', params: { name, arguments: given } },
      CallToolResultSchema,
      {
        timeout: 280_000,
        ...(onProgress === undefined ? {} : { onprogress: onProgress }),
        ...(signal === undefined ? {} : { signal }),
      },
    );
    const [first] = result.content;
    return {
      text: first?.type === 'text' ? first.text : '',
      data: result.structuredContent,
      isError: result.isError === true,
    };
  }
}

const sessions: McpSession[] = [];
const children: ChildProcessByStdio<Writable, Readable, Readable>[] = [];
afterAll(async () => {
  await Promise.all(sessions.map(({ client }) => client.close()));
  for (const child of children) child.kill('SIGKILL');
});

/** A server whose stdin and stdout the test has in its hands. */
export class RawServer {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly exited: Promise<number | null>;
  readonly lines: string[] = [];
  #rest = '';

  /** @param argv what follows `loci mcp` */
  constructor(argv: readonly string[]) {
    this.child = spawn(process.execPath, [program, 'mcp', ...argv], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    children.push(this.child);
    this.child.stderr.resume();
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (this.#rest + text).split('\n');
      this.#rest = lines.pop() ?? '';
      this.lines.push(...lines);
    });
    this.exited = new Promise((resolve) => {
      this.child.once('close', (code) => {
        resolve(code);
      });
    });
  }

  /** Sends one line as it is. */
  send(line: string): void {
    this.child.stdin.write(`${line}\n`);
  }

  /** Sends a message of the protocol. */
  tell(method: string, params: unknown, id?: number): void {
    this.send(
      JSON.stringify({ jsonrpc: '2.0', method, params, ...(id === undefined ? {} : { id }) }),
    );
  }

  /** Shakes hands. */
  initialize(): void {
    const clientInfo = { name: 'raw', version: '1.0.0' };
    this.tell('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo }, 0);
    this.tell('notifications/initialized', {});
  }

  /** Every line so far as the message that it is. @throws where one is none */
  messages(): Record<string, unknown>[] {
    return this.lines.map((line) => z.record(z.string(), z.unknown()).parse(JSON.parse(line)));
  }
}
