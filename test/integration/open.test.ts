import { describe, expect, it } from 'vitest';
import { fileRetention } from '../../extension/engine/memory/retained.ts';
import { kvBytes } from '../../extension/models/estimate.ts';
import { alikeLayers } from '../../extension/models/layer-table.ts';
import { policyNames } from '../../extension/protocol/policies.ts';
import type { FileRetention } from '../../extension/protocol/requests/file-retention.ts';
import { fullRun } from '../tools/full-run.ts';
import { asking, failureOf, never, opening, startEngine, testGpu } from './support/engine.ts';
import { folderOf, sampleRepository } from './support/folders.ts';

const { session, progress, states } = await startEngine();
const repository = await sampleRepository();
const short = await sampleRepository({ tokens: 1000, seed: 12 });
/** Native tests hold every method against its reference. */
const policies = fullRun
  ? policyNames.filter((name) => name !== 'full')
  : (['default', 'ahakv', 'adakv', 'laprox', 'streaming'] as const);
const bundledShape = { table: alikeLayers(6, 2, 64), kvType: 'f16' } as const;

describe('open', () => {
  it('reads a repository that does not fit its budget, and keeps the promise about bytes', async () => {
    progress.length = 0;
    const opened = await session.open(opening(repository.root), never);
    expect(opened.gpu).toBe(testGpu);
    expect(opened.complete).toBe(true);
    expect(opened.skipped).toEqual([]);
    // The bundled model has a notice of its own.
    expect(opened.notices.join()).not.toContain('very small');
    expect(opened.budget).toEqual({ tokens: 512, bytes: kvBytes(bundledShape, 512) });
    expect(opened.repository.files).toBe(repository.files.size);
    expect(opened.repository.tokens).toBeGreaterThan(1000);
    expect(opened.memory.heldTokens).toBeLessThanOrEqual(512);
    expect(opened.memory.heldTokens).toBeGreaterThan(500);
    expect(opened.memory.logicalBytes).toBeLessThanOrEqual(opened.memory.kvBytes);
    expect(opened.memory.peakKvBytes).toBeLessThanOrEqual(
      opened.budget.bytes + opened.memory.workingBytes,
    );
    expect(opened.memory.keptShare).toBeCloseTo(
      opened.memory.heldTokens / opened.repository.tokens,
    );
    const shares = opened.files.reduce((sum, file) => sum + file.kept * file.tokens, 0);
    expect(opened.files.map((file) => file.path).toSorted()).toEqual(
      [...repository.files.keys()].toSorted(),
    );
    expect(shares).toBeLessThanOrEqual(512);
    expect(shares).toBeGreaterThan(350);
  });

  it('tells how far it is, chunk by chunk, and never holds more than it may', () => {
    const reading = progress.filter(({ phase }) => phase === 'reading');
    expect(progress.map(({ phase }) => phase)).toContain('loading');
    expect(reading.length).toBeGreaterThanOrEqual(3);
    const tokens = reading.map((event) => event.tokens);
    expect(tokens).toEqual(tokens.toSorted((a, b) => a - b));
    for (const event of reading) expect(event.heldTokens).toBeLessThanOrEqual(512);
    expect(reading.at(-1)?.tokens).toBe(reading.at(-1)?.totalTokens);
    expect(states.map(({ status }) => status)).toContain('opening');
    expect(session.state).toMatchObject({ status: 'ready', budgetTokens: 512 });
  });

  it('takes a share of the repository as its budget', async () => {
    const opened = await session.open(
      opening(repository.root, { budget: { unit: 'percent', value: 25 } }),
      never,
    );
    expect(opened.budget.tokens).toBe(Math.floor(opened.repository.tokens / 4));
    expect(opened.memory.keptShare).toBeLessThanOrEqual(0.25);
    expect(opened.memory.keptShare).toBeGreaterThan(0.19);
  });

  it('holds all of a small repository, whatever the budget', async () => {
    const root = await folderOf({ 'a.ts': 'export const limit = 4821;\n' });
    const opened = await session.open(
      opening(root, { budget: { unit: 'tokens', value: 3000 } }),
      never,
    );
    expect(opened.memory.keptShare).toBe(1);
    const { tokens } = opened.files[0] ?? {};
    expect(opened.files).toEqual([{ path: 'a.ts', tokens, kept: 1, lineCount: 1 }]);
    const retention = await session.retention({ path: 'a.ts' }, never);
    expect(retention.lines).toEqual([1]);
    expect(new Set(retention.heads.flat())).toEqual(new Set([opened.repository.tokens]));
  });

  it('lowers a budget that the trained context does not hold, and says so', async () => {
    const opened = await session.open(
      opening(repository.root, { budget: { unit: 'mebibytes', value: 100_000 } }),
      never,
    );
    expect(opened.budget.tokens).toBe(4096 - 512);
    expect(opened.notices).toContain(
      'This model can hold at most 3,584 tokens. For more, choose a model with a longer context.',
    );
  });

  it.each(policies)('evicts by %s', async (policy) => {
    const opened = await session.open(
      opening(short.root, { policy, budget: { unit: 'tokens', value: 256 } }),
      never,
    );
    expect(opened.policy).toBe(policy);
    expect(opened.memory.heldTokens).toBeLessThanOrEqual(256);
    expect(opened.memory.peakKvBytes).toBeLessThanOrEqual(
      opened.budget.bytes + opened.memory.workingBytes,
    );
  });

  it('refuses the policy that keeps all where all does not fit, and keeps what was open', async () => {
    const before = session.state;
    const failure = await failureOf(
      session.open(opening(repository.root, { policy: 'full' }), never),
    );
    expect(failure.code).toBe('budget-too-small');
    expect(failure.message).toMatch(/keeps all [\d,]+ tokens.*budget is 512/);
    expect(session.state).toEqual(before);
    await session.ask(asking('What is a?', { maxTokens: 2 }), () => undefined, never);
  });
});

function look(path: string, signal: AbortSignal): Promise<FileRetention> {
  return session.look(signal, (held, turn) => fileRetention(held, path, turn.signal));
}

describe('retention', () => {
  it('tells what is held by file, line and head, and it adds up', async () => {
    const opened = await session.open(opening(repository.root), never);
    const [path = ''] = repository.files.keys();
    const { files, lines, heads } = await session.retention({ path }, never);
    expect(files).toEqual(opened.files);
    expect(lines).toHaveLength((repository.files.get(path) ?? '').trimEnd().split('\n').length);
    for (const share of lines) expect(share >= 0 && share <= 1).toBe(true);
    expect(heads).toHaveLength(6);
    const mean = heads.flat().reduce((sum, held) => sum + held, 0) / 12;
    expect(mean).toBeCloseTo(opened.memory.heldTokens);
  });

  it('leaves out the heads where they are not wanted', async () => {
    const { files, heads } = await session.retention({ path: null, heads: false }, never);
    expect(files).toHaveLength(repository.files.size);
    expect(heads).toEqual([]);
  });

  it('tells what each head holds of a file, and the mean is what the file holds', async () => {
    const { files } = await session.open(opening(repository.root), never);
    for (const { path, tokens, kept } of files) {
      const held = await look(path, never);
      expect(held).toMatchObject({ path, tokens });
      expect(held.heads.map(({ length }) => length)).toEqual([2, 2, 2, 2, 2, 2]);
      const shares = held.heads.flat();
      expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true);
      expect(shares.reduce((sum, share) => sum + share, 0) / shares.length).toBeCloseTo(kept, 9);
    }
  });

  it('of each head can be cancelled, and says why a file is not there', async () => {
    const [path = ''] = repository.files.keys();
    const controller = new AbortController();
    const looking = failureOf(look(path, controller.signal));
    controller.abort();
    expect((await looking).code).toBe('cancelled');
    expect((await failureOf(look('no/such.ts', never))).code).toBe('file-not-read');
  });

  it('says why a file has no lines', async () => {
    const failure = await failureOf(session.retention({ path: 'no/such.ts' }, never));
    expect(failure).toEqual({
      code: 'file-not-read',
      message: 'no/such.ts is not in the memory: the repository has no such file.',
    });
  });
});
