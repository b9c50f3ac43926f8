import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Emitter } from 'vscode-jsonrpc';
import type { OpenResult } from '../../protocol/requests/open.ts';
import { IdleRefinement, idleAfterMs } from './idle-refinement.ts';
import type { RefineEnd } from './idle-refinement.ts';
import type { SessionState } from '../../engine-client/session-state.ts';
import { openResult } from '../../../test/fixtures/open-result.ts';

const read = openResult({
  repository: { files: 1, tokens: 1000, totalFiles: 1, totalTokens: 1000 },
});

class Engine {
  readonly #changed = new Emitter<SessionState>();
  state: SessionState = { kind: 'idle' };
  lastRequest = Date.now();
  readonly onDidChange = this.#changed.event;

  get idleMs(): number {
    return Date.now() - this.lastRequest;
  }

  ready(result: OpenResult): void {
    this.state = { kind: 'ready', result, notice: null };
    this.#changed.fire(this.state);
  }
}

function start(end: RefineEnd = 'refined'): {
  readonly engine: Engine;
  readonly idle: IdleRefinement;
  readonly setting: { wanted: boolean };
  readonly times: () => number;
} {
  const engine = new Engine();
  const setting = { wanted: true };
  const refine = vi.fn(() => Promise.resolve(end));
  const wanted = (): boolean => setting.wanted;
  const idle = new IdleRefinement({ session: engine, wanted, refine });
  return { engine, idle, setting, times: () => refine.mock.calls.length };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a memory that was read', () => {
  it('is refined once, after an idle minute', async () => {
    const { engine, times } = start();
    engine.ready(read);
    await vi.advanceTimersByTimeAsync(idleAfterMs - 1);
    expect(times()).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(times()).toBe(1);
    engine.ready(read);
    await vi.advanceTimersByTimeAsync(10 * idleAfterMs);
    expect(times()).toBe(1);
  });

  it('waits while there are requests', async () => {
    const { engine, times } = start();
    engine.ready(read);
    await vi.advanceTimersByTimeAsync(idleAfterMs / 2);
    engine.lastRequest = Date.now();
    await vi.advanceTimersByTimeAsync(idleAfterMs - 1);
    expect(times()).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(times()).toBe(1);
  });

  it('is left as it is where that is not wanted, until it is', async () => {
    const { engine, idle, setting, times } = start();
    setting.wanted = false;
    engine.ready(read);
    await vi.advanceTimersByTimeAsync(2 * idleAfterMs);
    expect(times()).toBe(0);
    setting.wanted = true;
    idle.update();
    await vi.advanceTimersByTimeAsync(1);
    expect(times()).toBe(1);
  });

  it.each([
    ['was refined', { refined: true }],
    ['was kept by reconstruction', { policy: 'kvzip' }],
    ['was not read to the end', { complete: false }],
    ['holds everything', { memory: { ...read.memory, keptShare: 1 } }],
  ] as const)('is left as it is where it %s', async (_, change) => {
    const { engine, times } = start();
    engine.ready({ ...read, ...change });
    await vi.advanceTimersByTimeAsync(2 * idleAfterMs);
    expect(times()).toBe(0);
  });
});

describe('a pass that did not end well', () => {
  it('was cancelled: the next memory has its turn again', async () => {
    const { engine, times } = start('cancelled');
    for (let memory = 1; memory <= 3; memory++) {
      engine.ready({ ...read });
      await vi.advanceTimersByTimeAsync(2 * idleAfterMs);
      expect(times()).toBe(memory);
    }
  });

  it('failed twice: it is not tried again', async () => {
    const { engine, times } = start('failed');
    for (let memory = 1; memory <= 4; memory++) {
      engine.ready({ ...read });
      await vi.advanceTimersByTimeAsync(2 * idleAfterMs);
    }
    expect(times()).toBe(2);
  });
});
