/** A memory that is given another budget while it is in use, and what is kept of it on disk. */

import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Budget } from '../../extension/protocol/budget.ts';
import type { OpenParameters, OpenResult } from '../../extension/protocol/requests/open.ts';
import { asking, failureOf, never, onSlowDevice, opening, startEngine } from './support/engine.ts';
import { sampleRepository, temporaryFolder } from './support/folders.ts';

const { root, questions } = await sampleRepository({ tokens: 3_000, questions: 4 });
const ignore = (): void => undefined;
const share = (value: number): { readonly budget: Budget; readonly exactShare: true } => ({
  budget: { unit: 'percent', value },
  exactShare: true,
});
const engine = await startEngine();
const { session } = engine;

/** What is asked of the memory now must be answered rightly, and completed beside it. */
async function isUsable(): Promise<void> {
  const cursor = { path: 'a.ts', prefix: 'const a', suffix: '', maxTokens: 2 };
  const completing = session.complete(cursor, never).then(
    () => true,
    (error: unknown) => error,
  );
  for (const { question, answer: right } of questions.slice(0, onSlowDevice ? 1 : 2)) {
    const { answer } = await session.ask(asking(question), ignore, never);
    expect(answer).toContain(right);
  }
  // The bundled model completes nothing: it says so, and nothing is stopped by that.
  expect([true, 'completion-unsupported']).toContain(codeOf(await completing));
}

function codeOf(outcome: unknown): unknown {
  return outcome instanceof Error && 'code' in outcome ? outcome.code : outcome;
}

/** Applies a budget that needs no reading. */
async function resized(value: number, changes = {}): Promise<OpenResult> {
  engine.progress.length = 0;
  const adopted = await session.adopt(opening(root, { ...share(value), ...changes }), never);
  if (adopted.kind !== 'taken') throw new Error('A reading is needed.');
  expect(engine.progress.filter(({ phase }) => phase === 'reading')).toEqual([]);
  return adopted.result;
}

/** The figures of a memory are those of its budget, and within the bytes that it promises. */
function isWithin({ memory, budget, repository }: OpenResult, value: number): void {
  expect(budget.tokens).toBe(Math.floor((value / 100) * repository.tokens));
  expect(memory.heldTokens).toBeLessThanOrEqual(budget.tokens);
  expect(memory.heldTokens).toBeGreaterThan(0.9 * budget.tokens);
  expect(memory.kvBytes).toBeLessThanOrEqual(budget.bytes + memory.workingBytes);
  expect(memory.peakKvBytes).toBeLessThanOrEqual(budget.bytes + memory.workingBytes);
  const { heldTokens, budgetTokens, memory: number } = session.state;
  expect({ heldTokens, budgetTokens }).toEqual({
    heldTokens: memory.heldTokens,
    budgetTokens: budget.tokens,
  });
  expect(number).toBeGreaterThan(0);
}

describe('a budget that changes', () => {
  it('from 50 % to 10 % is met at once, and to 25 % by a reading beside the memory', async () => {
    const half = await session.open(opening(root, share(50)), never);
    isWithin(half, 50);
    await isUsable();

    const tenth = await resized(10);
    isWithin(tenth, 10);
    expect(tenth.memory.kvBytes).toBeLessThan(half.memory.kvBytes);
    expect(tenth.files.map(({ path }) => path)).toEqual(half.files.map(({ path }) => path));
    await isUsable();

    const wanted = opening(root, share(25));
    const adoption = await session.adopt(wanted, never);
    expect(adoption).toMatchObject({ kind: 'reading', growth: { fits: true } });
    const reading = session.open(wanted, never);
    const [{ question, answer: right } = { question: '', answer: '-' }] = questions;
    const meanwhile = session.ask(asking(question), ignore, never);
    expect((await meanwhile).answer).toContain(right);
    const quarter = await reading;
    isWithin(quarter, 25);
    if (adoption.kind === 'reading') expect(adoption.growth?.tokens).toBe(quarter.budget.tokens);
    await isUsable();
  });

  it('keeps the memory as it is where growing is cancelled', async () => {
    const before = await session.open(opening(root, share(10)), never);
    const held = await session.retention({ path: null, everyLine: true }, never);
    const controller = new AbortController();
    engine.onEvent = (event) => {
      if ('phase' in event && event.phase === 'reading' && event.tokens > 1_500) controller.abort();
    };
    const failure = await failureOf(session.open(opening(root, share(25)), controller.signal));
    engine.onEvent = ignore;
    expect(failure.code).toBe('cancelled');
    expect(session.state).toMatchObject({
      status: 'ready',
      budgetTokens: before.budget.tokens,
      heldTokens: before.memory.heldTokens,
    });
    expect(await session.retention({ path: null, everyLine: true }, never)).toEqual(held);
    await isUsable();
  });

  it('is made smaller while a larger memory is read, which is then not wanted', async () => {
    await session.open(opening(root, share(20)), never);
    const controller = new AbortController();
    const reading = failureOf(session.open(opening(root, share(40)), controller.signal));
    const smaller = await session.adopt(opening(root, share(10)), never);
    controller.abort();
    expect(smaller.kind).toBe('taken');
    expect((await reading).code).toBe('cancelled');
    if (smaller.kind === 'taken') isWithin(smaller.result, 10);
    await isUsable();
  });

  it('gives up what was read a second time for the budget before', async () => {
    await session.open(opening(root, share(20)), never);
    const adopted: Promise<OpenResult>[] = [];
    engine.onEvent = (event) => {
      if ('phase' in event && event.phase === 'refining' && event.tokens > 1_000) {
        if (adopted.length === 0) adopted.push(resized(10));
      }
    };
    const failure = await failureOf(session.refine({ policy: 'kvzip' }, never));
    engine.onEvent = ignore;
    expect(failure.code).toBe('cancelled');
    expect(adopted).toHaveLength(1);
    for (const smaller of adopted) isWithin(await smaller, 10);
    engine.progress.length = 0;
    const refined = await session.refine({ policy: 'kvzip' }, never);
    isWithin(refined, 10);
    expect(Math.min(...tokensOf('refining'))).toBe(0);
    isWithin(await resized(5), 5);
  });

  it('is refused with a sentence, and changes nothing, where it is too small', async () => {
    const before = await session.open(opening(root, share(20)), never);
    const small = opening(root, { budget: { unit: 'tokens', value: 10 } });
    expect(await failureOf(session.adopt(small, never))).toMatchObject({
      code: 'budget-too-small',
      message: expect.stringContaining('Use at least 64 tokens.') as string,
    });
    expect(session.state.heldTokens).toBe(before.memory.heldTokens);
    await isUsable();
  });

  it('grows in place where nothing was evicted yet', async () => {
    const { root: small } = await sampleRepository({ tokens: 1_500, seed: 5 });
    const tokens = (value: number): OpenParameters =>
      opening(small, { budget: { unit: 'tokens', value } });
    const whole = await session.open(tokens(3_000), never);
    expect(whole.memory.keptShare).toBe(1);
    const half = Math.floor(whole.repository.tokens / 2);
    const larger = await session.adopt(tokens(3_200), never);
    expect(larger).toMatchObject({
      kind: 'taken',
      result: { memory: { keptShare: 1 }, budget: { tokens: 3_200 } },
    });
    const smaller = await session.adopt(tokens(half), never);
    expect(smaller).toMatchObject({ kind: 'taken', result: { budget: { tokens: half } } });
    expect(await session.adopt(tokens(3_000), never)).toMatchObject({ kind: 'reading' });
  });
});

describe('a kept memory', () => {
  it('follows, and is made smaller where it was kept before the budget was', async () => {
    const folder = await temporaryFolder();
    const keep = { folder, restore: true };
    await session.open(opening(root, { ...share(20), keep }), never);
    expect(await session.keep(never)).toBe(true);
    const tenth = await resized(10, { keep });
    const held = await session.retention({ path: null, everyLine: true }, never);

    // Not saved yet: what is on disk is of the larger budget.
    const other = await startEngine();
    const restored = await other.session.restore(opening(root, { ...share(10), keep }), never);
    expect(restored).toMatchObject({ restored: true, budget: tenth.budget });
    expect(other.progress.filter(({ phase }) => phase === 'reading')).toEqual([]);
    expect(await other.session.retention({ path: null, everyLine: true }, never)).toEqual(held);

    expect(await session.keep(never)).toBe(true);
    expect((await readdir(folder)).filter((name) => name.endsWith('.loci'))).toHaveLength(2);
    const again = await startEngine();
    const kept = await again.session.restore(opening(root, { ...share(10), keep }), never);
    expect(kept?.memory.kvBytes).toBe(tenth.memory.kvBytes);
    expect(await again.session.retention({ path: null, everyLine: true }, never)).toEqual(held);
    expect(await again.session.keep(never)).toBe(true);
    expect(await readdir(folder)).toHaveLength(4);
    // A larger one than is kept is read.
    expect(await again.session.restore(opening(root, { ...share(25), keep }), never)).toBeNull();
  });
});

function tokensOf(phase: string): number[] {
  return engine.progress.filter((event) => event.phase === phase).map(({ tokens }) => tokens);
}
