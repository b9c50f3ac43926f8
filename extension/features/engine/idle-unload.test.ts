import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Emitter } from 'vscode-jsonrpc';
import { openResult } from '../../../test/fixtures/open-result.ts';
import type { SessionState } from '../../engine-client/session-state.ts';
import type { OpenResult } from '../../protocol/requests/open.ts';
import { IdleUnload, unloadAfterMs } from './idle-unload.ts';

const read = openResult({ complete: true });

class Engine {
  readonly #changed = new Emitter<SessionState>();
  state: SessionState = { kind: 'idle' };
  lastRequest = performance.now();
  readonly onDidChange = this.#changed.event;

  get idleMs(): number {
    return performance.now() - this.lastRequest;
  }

  set(state: SessionState): void {
    this.state = state;
    this.#changed.fire(state);
  }

  ready(result: OpenResult): void {
    this.lastRequest = performance.now();
    this.set({ kind: 'ready', result, notice: null });
  }
}

function start(unloads = true): {
  readonly engine: Engine;
  readonly idle: IdleUnload;
  readonly setting: { keeps: boolean };
  readonly times: () => number;
} {
  const engine = new Engine();
  const setting = { keeps: true };
  const unload = vi.fn(() => {
    if (unloads) engine.set({ kind: 'idle', unloaded: true });
    return Promise.resolve(unloads);
  });
  const idle = new IdleUnload({ session: engine, keeps: () => setting.keeps, unload });
  return { engine, idle, setting, times: () => unload.mock.calls.length };
}

const pass = (milliseconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('unloads a memory that nothing has needed, once, and the next one again', async () => {
  const { engine, times } = start();
  engine.ready(read);
  await pass(unloadAfterMs - 1);
  expect(times()).toBe(0);
  await pass(1);
  expect(times()).toBe(1);
  await pass(5 * unloadAfterMs);
  expect(times()).toBe(1);
  engine.ready(read);
  await pass(unloadAfterMs);
  expect(times()).toBe(2);
});

it('waits after a request, and after an edit', async () => {
  const { engine, idle, times } = start();
  engine.ready(read);
  await pass(unloadAfterMs / 2);
  engine.lastRequest = performance.now();
  await pass(unloadAfterMs / 2);
  idle.noteEdit();
  await pass(unloadAfterMs - 1);
  expect(times()).toBe(0);
  await pass(1);
  expect(times()).toBe(1);
});

it('leaves what is not kept, what was stopped, and what is being read', async () => {
  const { engine, setting, times } = start();
  setting.keeps = false;
  engine.ready(read);
  await pass(3 * unloadAfterMs);
  engine.ready(openResult({ complete: false }));
  setting.keeps = true;
  await pass(3 * unloadAfterMs);
  engine.set({ kind: 'counting', files: 1 });
  await pass(3 * unloadAfterMs);
  expect(times()).toBe(0);
});

it('unloads once memories are kept', async () => {
  const { engine, setting, times } = start();
  setting.keeps = false;
  engine.ready(read);
  await pass(unloadAfterMs);
  setting.keeps = true;
  await pass(unloadAfterMs);
  expect(times()).toBe(1);
});

it('does not try again where it cannot be kept, or after its end', async () => {
  const { engine, idle, times } = start(false);
  engine.ready(read);
  await pass(5 * unloadAfterMs);
  expect(times()).toBe(1);
  engine.ready(openResult({ complete: true }));
  idle.dispose();
  await pass(5 * unloadAfterMs);
  expect(times()).toBe(1);
});
