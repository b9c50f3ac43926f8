import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fullRun } from '../tools/full-run.ts';
import type { Retention } from '../../extension/protocol/requests/retention.ts';
import { asking, failureOf, never, opening, startEngine } from './support/engine.ts';
import type { TestEngine } from './support/engine.ts';
import { sampleRepository } from './support/folders.ts';

const repository = await sampleRepository({ tokens: 1600 });
const small = await sampleRepository({ tokens: 1200, seed: 3 });
const engine = await startEngine();
const { session } = engine;
const ignore = (): void => undefined;
const reconstructing = { policy: 'default' } as const;
const budget = { unit: 'tokens', value: 300 } as const;

beforeEach(async () => {
  await session.open(opening(repository.root, { budget }), never);
  engine.progress.length = 0;
  engine.states.length = 0;
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Tokens of the second reading after each of its chunks. */
function refinedTokens({ progress }: TestEngine): number[] {
  return progress.filter(({ phase }) => phase === 'refining').map(({ tokens }) => tokens);
}

/** What is held, by file, line and head. */
async function held(): Promise<readonly Retention[]> {
  const paths = [null, ...repository.files.keys()];
  return Promise.all(paths.map((path) => session.retention({ path }, never)));
}

/** Aborts a refinement behind its so many'th chunk. */
async function refineUntil(chunks: number): Promise<void> {
  const controller = new AbortController();
  const timer = setInterval(() => {
    if (refinedTokens(engine).length >= chunks) controller.abort();
  }, 1);
  const { code } = await failureOf(session.refine(reconstructing, controller.signal));
  clearInterval(timer);
  expect(code).toBe('cancelled');
}

describe('a refined memory', () => {
  it('holds other tokens within the same budget, and answers', async () => {
    const quick = await held();
    const opened = session.state;
    const refined = await session.refine(reconstructing, never);
    expect(refined).toMatchObject({ policy: 'default', refined: true, complete: true });
    expect(refined.budget.tokens).toBe(budget.value);
    expect(refined.memory.heldTokens).toBeLessThanOrEqual(budget.value);
    expect(refined.memory.peakKvBytes).toBeLessThanOrEqual(
      refined.budget.bytes + refined.memory.workingBytes,
    );
    expect(refined.repository.files).toBe(repository.files.size);
    expect(await held()).not.toEqual(quick);
    const { heldTokens } = refined.memory;
    expect(session.state).toEqual({ ...opened, memory: opened.memory + 1, heldTokens });
    expect(engine.states.map(({ status }) => status)).toContain('refining');
    const [known] = repository.questions;
    const answer = await session.ask(asking(known?.question ?? ''), ignore, never);
    expect(answer.answer).toBe(known?.answer);
  });

  it.runIf(fullRun)('holds what reading by the same policy holds', async () => {
    const { policyParameters } = await session.refine(reconstructing, never);
    const refined = await held();
    await session.open(opening(repository.root, { budget, policyParameters }), never);
    expect(await held()).toEqual(refined);
  });

  it.runIf(fullRun)('is kept by a published policy where one is named', async () => {
    const refined = await session.refine({ policy: 'kvzip' }, never);
    expect(refined).toMatchObject({ policy: 'kvzip', policyParameters: {}, refined: true });
  });

  it('has the lines of the files as they are when they are read again', async () => {
    const [path = ''] = repository.files.keys();
    const before = await session.retention({ path }, never);
    const text = repository.files.get(path) ?? '';
    await writeFile(join(repository.root, path), `${text}// one\n// two\n// three\n`);
    try {
      await session.refine(reconstructing, never);
      const after = await session.retention({ path }, never);
      expect(after.lines).toHaveLength(before.lines.length + 3);
    } finally {
      await writeFile(join(repository.root, path), text);
    }
  });

  it('is not made where everything is held', async () => {
    await session.open(opening(small.root, { budget: { unit: 'percent', value: 100 } }), never);
    const same = await session.refine(reconstructing, never);
    expect(same.refined).toBe(false);
    expect(same.notices.join()).toMatch(/there is nothing to refine/);
    expect(refinedTokens(engine)).toEqual([]);
  });
});

describe('while it is refined', () => {
  it('the quick memory answers, before the pass is over', async () => {
    const quick = await held();
    const question = asking('What is a?', { maxTokens: 4 });
    const before = await session.ask(question, ignore, never);
    let over = false;
    const refining = session.refine(reconstructing, never).finally(() => (over = true));
    await until(() => refinedTokens(engine).length > 0);
    const during = await session.ask(question, ignore, never);
    expect(over).toBe(false);
    expect(during.answer).toBe(before.answer);
    expect(during.recalled).toEqual(before.recalled);
    expect(await held()).toEqual(quick);
    expect(over).toBe(false);
    await refining;
  });

  it('opening a repository stops it, and what it has read is given up', async () => {
    const refining = failureOf(session.refine(reconstructing, never));
    await until(() => refinedTokens(engine).length > 0);
    const opened = await session.open(opening(repository.root, { budget }), never);
    expect((await refining).code).toBe('cancelled');
    expect(opened).toMatchObject({ refined: false, complete: true });
    engine.progress.length = 0;
    await session.refine(reconstructing, never);
    expect(refinedTokens(engine)[0]).toBe(0);
  });
});

describe('a refinement that is cancelled', () => {
  it('leaves the quick memory, continues where it was, with the same result', async () => {
    const result = await session.refine(reconstructing, never);
    const whole = { tokens: refinedTokens(engine), held: await held() };
    await session.open(opening(repository.root, { budget }), never);
    engine.progress.length = 0;
    const quick = await held();
    await refineUntil(2);
    expect(await held()).toEqual(quick);
    await refineUntil(refinedTokens(engine).length + 1);
    const resumed = await session.refine(reconstructing, never);
    // Each of the two that went on says first where: none goes back, and none leaves a chunk out.
    const told = refinedTokens(engine);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect([...new Set(told)]).toEqual(whole.tokens);
    expect(told.length).toBeLessThanOrEqual(whole.tokens.length + 2);
    expect(await held()).toEqual(whole.held);
    expect(resumed.files).toEqual(result.files);
    expect(resumed.repository).toEqual(result.repository);
  });

  it.runIf(fullRun)('begins anew with another policy', async () => {
    await refineUntil(2);
    engine.progress.length = 0;
    await session.refine({ policy: 'kvzip' }, never);
    expect(refinedTokens(engine)[0]).toBe(0);
  });
});

describe('a refinement that is refused', () => {
  it('says what is missing where there is no room, and the memory stays', async () => {
    const quick = await held();
    vi.spyOn(process, 'availableMemory').mockReturnValue(2 ** 20);
    const failure = await failureOf(session.refine(reconstructing, never));
    expect(failure.code).toBe('out-of-memory');
    expect(failure.message).toMatch(
      /^Refining needs \S+ MiB for a second memory, but only .* are free\. Close other programs/,
    );
    vi.restoreAllMocks();
    expect(await held()).toEqual(quick);
    await session.ask(asking('What is a?', { maxTokens: 4 }), ignore, never);
  });

  it('needs a memory to begin with', async () => {
    const empty = await startEngine();
    expect((await failureOf(empty.session.refine(reconstructing, never))).code).toBe('not-open');
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
}
