/** What reaches the log while a user types, changes his mind and closes. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { loadAddon } from '../../extension/engine/native/addon.ts';
import { cacheDirectory } from '../../extension/engine/native/cache-directory.ts';
import { Session } from '../../extension/engine/session.ts';
import { bundledModelPath } from '../../extension/models/bundled.ts';
import type { LogLevel } from '../../extension/protocol/notifications/log.ts';
import { Random } from '../quality/generator/random.ts';
import { asking, failureOf, never, onSlowDevice, opening } from './support/engine.ts';
import { sampleRepository, temporaryFolder } from './support/folders.ts';

const repository = await sampleRepository({ tokens: 1200, seed: 3 });
const ignore = (): void => undefined;

/** The libraries log to the first loader in a process. */
const log: (readonly [LogLevel, string])[] = [];

function troubles(): string[] {
  return log.filter(([level]) => level === 'warn' || level === 'error').map(([, text]) => text);
}

async function startSession(): Promise<Session> {
  return new Session(await loadAddon(cacheDirectory()), cacheDirectory(), {
    onProgress: ignore,
    onState: ignore,
    onLog: (level, text) => log.push([level, text]),
  });
}

/** A signal that fires after a moment. */
function soon(random: Random, mostMs: number): AbortSignal {
  const controller = new AbortController();
  setTimeout(
    () => {
      controller.abort();
    },
    random.integer(0, mostMs),
  );
  return controller.signal;
}

describe('the log', () => {
  it('has nothing about completions and questions that were given up, nor about closing', async () => {
    const session = await startSession();
    const random = new Random(7);
    // The first reading, given up while the model is loaded and while it is read.
    for (const mostMs of [40, 400]) {
      await failureOf(session.open(opening(repository.root), soon(random, mostMs)));
    }
    await session.open(opening(repository.root), never);
    const cursor = { path: 'a.ts', prefix: 'const a = ', suffix: '', maxTokens: 60 };
    await session.complete({ ...cursor, maxTokens: 2 }, never);
    const codes: string[] = [];
    for (let key = 0; key < (onSlowDevice ? 5 : 100); key++) {
      const prefix = `${cursor.prefix}${'x'.repeat(key % 9)}`;
      const { code } = await failureOf(session.complete({ ...cursor, prefix }, soon(random, 25)));
      codes.push(code);
    }
    for (let question = 0; question < (onSlowDevice ? 2 : 20); question++) {
      await failureOf(session.ask(asking('What is a?'), ignore, soon(random, 120)));
    }
    // A newer keystroke in place of an older one, and the end in the middle of one.
    const older = failureOf(session.complete(cursor, never));
    const newer = failureOf(session.complete(cursor, never));
    expect((await older).code).toBe('cancelled');
    await session.close();
    await newer;
    expect(codes.filter((code) => code === 'cancelled').length).toBeGreaterThan(0);
    expect(troubles()).toEqual([]);
    // What llama.cpp said is still there for debugging.
    expect(log.some(([level]) => level === 'debug')).toBe(true);
  });

  it('has a failure of its own making, once', async () => {
    const path = join(await temporaryFolder(), 'damaged.gguf');
    const bytes = await readFile(bundledModelPath());
    // A tensor under another name: the file is sound, but the model is not.
    bytes.write('output_nOrm', bytes.indexOf('output_norm.weight'));
    await writeFile(path, bytes);
    const session = await startSession();
    const opened = session.open(opening(repository.root, { modelPath: path }), never);
    expect((await failureOf(opened)).code).toBe('model-invalid');
    await session.close();
    // Lines come from other threads.
    await vi.waitFor(() => {
      const missing = troubles().filter((text) => text.includes("'output_norm.weight' not found"));
      expect(missing).toHaveLength(1);
    });
  });
});
