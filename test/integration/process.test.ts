import { fork, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { EngineState } from '../../extension/protocol/notifications/state.ts';
import { openRequest } from '../../extension/protocol/requests/open.ts';
import { completeRequest } from '../../extension/protocol/requests/complete.ts';
import { retentionRequest } from '../../extension/protocol/requests/retention.ts';
import { devicesRequest } from '../../extension/protocol/requests/devices.ts';
import { asking, failureOf, opening } from './support/engine.ts';
import { shapes, writeRandomModel } from '../tools/random-gguf.ts';
import { folderOf, temporaryFolder } from './support/folders.ts';
import { forkEngine } from './support/process.ts';

const root = await folderOf({ 'src/limits.ts': 'export const retryLimit = 4821;\n' });
const question = asking('What is the value of retryLimit?');

/** Whose answer takes seconds, and ends only because it is cut off. */
const talkative = join(await temporaryFolder(), 'talkative.gguf');
const long = asking('Describe it.', { recall: 'off', maxTokens: 400 });

beforeAll(() => writeRandomModel(talkative, shapes.talkative, 1));

describe('the engine process', () => {
  it('opens, answers, completes and tells what it does', async () => {
    const states: EngineState['status'][] = [];
    const { child, client, exited } = forkEngine({ onState: ({ status }) => states.push(status) });
    const opened = await client.request(openRequest, opening(root));
    expect(opened.files).toHaveLength(1);
    const pieces: string[] = [];
    const answer = await client.ask(question, (text) => pieces.push(text));
    expect(answer.answer).toBe('4821');
    expect(pieces.join('').trim()).toBe('4821');
    const completion = await client.request(completeRequest, {
      path: 'src/limits.ts',
      prefix: 'export const retryLimit = ',
      suffix: '\n',
      maxTokens: 8,
    });
    expect(completion.outputTokens).toBeLessThanOrEqual(8);
    expect((await client.request(retentionRequest, { path: 'src/limits.ts' })).lines).toEqual([1]);
    expect((await client.request(devicesRequest, {})).length).toBeGreaterThan(0);
    expect(states).toContain('answering');
    expect(states.at(-1)).toBe('ready');
    child.disconnect();
    expect(await exited).toEqual({ code: 0, signal: null });
  });

  it('refuses what is not as agreed, by name, and goes on', async () => {
    const { child, client, exited } = forkEngine();
    const wrong = await failureOf(
      client.request(openRequest, { ...opening(root), budget: { unit: 'tokens', value: -5 } }),
    );
    expect(wrong.code).toBe('invalid-argument');
    expect(wrong.message).toMatch(
      /^The request loci\/open was refused: its parameters are invalid \(budget\.value\)\.$/,
    );
    const empty = await failureOf(client.ask(asking('   ')));
    expect(empty.message).toBe('The question is empty.');
    expect((await client.request(devicesRequest, {})).length).toBeGreaterThan(0);
    child.disconnect();
    await exited;
  });

  it('cancels a request', async () => {
    const { child, client, exited } = forkEngine();
    await client.request(openRequest, opening(root, { modelPath: talkative }));
    const controller = new AbortController();
    const answer = await client.ask(
      long,
      () => {
        controller.abort();
      },
      controller.signal,
    );
    expect(answer.stopReason).toBe('cancelled');
    child.disconnect();
    await exited;
  });

  it('killed during an answer, rejects it at once; a new one does the job', async () => {
    const first = forkEngine();
    await first.client.request(openRequest, opening(root, { modelPath: talkative }));
    const failure = await failureOf(
      first.client.ask(long, () => {
        first.child.kill('SIGKILL');
      }),
    );
    expect(failure.code).toBe('disconnected');
    expect(failure.message).toBe('The engine stopped before it answered.');
    expect(await first.exited).toEqual({ code: null, signal: 'SIGKILL' });
    expect((await failureOf(first.client.request(devicesRequest, {}))).code).toBe('disconnected');
    const second = forkEngine();
    await second.client.request(openRequest, opening(root));
    expect((await second.client.ask(question)).answer).toBe('4821');
    second.child.disconnect();
    await second.exited;
  });

  it('leaves no word behind that ends the process badly', async () => {
    const reader = fileURLToPath(
      new URL('../performance/constant-memory-reader.ts', import.meta.url),
    );
    const child = spawn(process.execPath, ['--import', 'tsx', reader, root], { stdio: 'ignore' });
    const ended = await new Promise<unknown>((resolve) => {
      child.once('exit', (code, signal) => {
        resolve({ code, signal });
      });
    });
    expect(ended).toEqual({ code: 0, signal: null });
  });

  it('ends with its parent, even while it works', async () => {
    const parent = fork(
      fileURLToPath(new URL('support/orphan-maker.ts', import.meta.url)),
      [JSON.stringify(opening(root, { modelPath: talkative }))],
      { execArgv: ['--import', 'tsx'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
    );
    const pid = await new Promise<number>((resolve) => {
      parent.once('message', (message) => {
        resolve(Number(message));
      });
    });
    expect(isRunning(pid)).toBe(true);
    parent.kill('SIGKILL');
    const deadline = Date.now() + 15_000;
    while (isRunning(pid) && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(isRunning(pid)).toBe(false);
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
