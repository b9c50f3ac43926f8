/** Memory that is free when a reading is planned, and taken when its pools are made. */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { Budget } from '../../extension/protocol/budget.ts';
import { shapes, writeRandomModel } from '../tools/random-gguf.ts';
import { ownedEngine } from './support/owned-engine.ts';

const owned = ownedEngine();

/** Bytes of address space that a process has. */
function addressSpace(pid: number): number {
  const [, kibibytes = '0'] =
    /^VmSize:\s+(\d+) kB$/mu.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8')) ?? [];
  return Number(kibibytes) * 1024;
}

it.runIf(process.platform === 'linux')(
  'makes the memory smaller, says so, and answers',
  async () => {
    const modelPath = path.join(path.dirname(owned.repository.folder), 'wide.gguf');
    // 64 KiB of keys and values for each token.
    const wide = { layers: 8, heads: 8, kvHeads: 8, headSize: 256, context: 2 ** 20 };
    await writeRandomModel(modelPath, { ...shapes.tiny, ...wide }, 3);
    let budget: Budget = { unit: 'tokens', value: 512 };
    const { session } = owned.openSession({ modelPath: () => modelPath, budget: () => budget });
    await session.read('requested');
    expect(session.state.kind).toBe('ready');
    const { pid } = session;
    if (pid === null) throw new Error('No engine runs.');
    const limit = addressSpace(pid) + 500 * 2 ** 20;
    execFileSync('prlimit', ['--pid', String(pid), `--as=${String(limit)}`]);
    // More than a gibibyte of keys and values, for as many tokens as the files might have.
    budget = { unit: 'tokens', value: 2 ** 20 };
    await session.read('requested');
    expect(session.state).toMatchObject({ kind: 'ready' });
    if (session.state.kind !== 'ready') return;
    const { result } = session.state;
    expect(result.notices.join()).toMatch(/not enough memory for a budget of [\d,]+ tokens, so/u);
    expect(session.pid).toBe(pid);
    expect((await owned.ask(session, 4)).outputTokens).toBeGreaterThan(0);
  },
);
