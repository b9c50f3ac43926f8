/** What becomes of a memory when the repository is read again, or another model is wanted. */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { EngineRequestError } from '../../extension/engine-client/client.ts';
import { keyOf } from '../../extension/engine/keeping/kept-folder.ts';
import type { Budget } from '../../extension/protocol/budget.ts';
import { memoryOf } from '../../extension/engine-client/session-state.ts';
import { generatedRepository } from '../e2e/support/repository.ts';
import type { ModelShape } from '../tools/random-gguf.ts';
import { writeRandomModel } from '../tools/random-gguf.ts';
import { nextState, ownedEngine, sentence, shown } from './support/owned-engine.ts';

const owned = ownedEngine();
const { openSession, ask } = owned;

const smallModel: ModelShape = {
  architecture: 'llama',
  layers: 2,
  width: 64,
  heads: 4,
  kvHeads: 2,
  headSize: 16,
  feedForward: 128,
  vocabulary: 2048,
  context: 4096,
};

it('keeps the memory, and says why, where a setting makes no sense or a budget is too small', async () => {
  let wanted: Budget | string = { unit: 'percent', value: 50 };
  const { session, states } = openSession({
    budget: () => {
      if (typeof wanted === 'string') throw new EngineRequestError('invalid-setting', wanted);
      return wanted;
    },
  });
  await session.read('requested');
  const first = session.state.kind === 'ready' ? session.state.result : null;
  expect(first).not.toBeNull();
  states.length = 0;
  wanted = '"ten" is not a budget.';
  await session.read('settings');
  await session.restart();
  const typo = '"ten" is not a budget. The previous memory is still in use.';
  expect(session.state).toEqual({ kind: 'ready', result: first, notice: typo });
  expect(states.every(({ kind }) => kind === 'ready')).toBe(true);
  wanted = { unit: 'percent', value: 50 };
  await session.read('settings');
  expect(session.state).toEqual({ kind: 'ready', result: first, notice: null });
  expect(states.every(({ kind }) => kind === 'ready')).toBe(true);
  wanted = { unit: 'tokens', value: 10 };
  await session.read('settings');
  expect(session.state).toMatchObject({ kind: 'ready', result: first });
  expect(session.state).toHaveProperty(
    'notice',
    expect.stringContaining('Use at least 64 tokens.'),
  );
  const answer = await ask(session, 8);
  expect(answer.outputTokens).toBeGreaterThan(0);
});

it('goes back to the earlier memory where the new reading is cancelled', async () => {
  const { session } = openSession();
  await session.read('requested');
  const first = session.state.kind === 'ready' ? session.state.result : null;
  const subscription = session.onDidChange((state) => {
    if (state.kind === 'reading' && (state.progress?.tokens ?? 0) > 0) {
      subscription.dispose();
      session.cancelReading();
    }
  });
  await session.read('requested');
  expect(session.state).toMatchObject({ kind: 'ready', result: first });
  expect(session.state).toHaveProperty('notice', expect.stringMatching(/cancelled/u));
});

it('answers and completes from the earlier memory while the repository is read again', async () => {
  const { session, states } = openSession();
  await session.read('requested');
  const first = memoryOf(session.state);
  expect(first).not.toBeNull();
  states.length = 0;
  const reading = session.read('requested');
  const answer = await ask(session, 4);
  expect(session.state).toMatchObject({ kind: 'reading', result: first });
  expect(answer.notices.join()).not.toMatch(/Read so far: \d+ %/u);
  const cursor = { path: 'a.ts', prefix: 'const a', suffix: '', maxTokens: 2 };
  expect(await session.complete(cursor, new AbortController().signal)).not.toBeNull();
  expect(session.state).toMatchObject({ kind: 'reading', result: first });
  await reading;
  expect(shown(states)).toEqual([first, memoryOf(session.state)]);
  expect(session.state).toMatchObject({ kind: 'ready', notice: null });
});

it('shows nothing of the earlier memory once another model has taken its place', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'loci-model-'));
  try {
    const model = path.join(folder, 'other.gguf');
    await writeRandomModel(model, smallModel, 1);
    let modelPath: string | null = null;
    const { session, states } = openSession({ modelPath: () => modelPath });
    await session.read('requested');
    const first = memoryOf(session.state);
    states.length = 0;
    modelPath = model;
    const reading = session.read('settings');
    const answer = await ask(session, 2);
    await reading;
    const second = memoryOf(session.state);
    expect(second?.model.path).toBe(model);
    expect(shown(states)).toEqual([first, null, second]);
    expect(answer.kind).toBe('text');

    modelPath = path.join(folder, 'none.gguf');
    await session.read('settings');
    expect(session.state).toMatchObject({ kind: 'ready', result: second });
    expect(session.state).toHaveProperty('notice', expect.stringContaining('previous memory'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

it('counts first, and reads at once where that is quick', async () => {
  const { session, states } = openSession();
  await session.propose();
  const kinds = states.map(({ kind }) => kind).filter((kind, i, all) => kind !== all[i - 1]);
  expect(kinds).toEqual(['counting', 'reading', 'ready']);
});

it('proposes a reading that takes long: nothing is read before the user agrees', async () => {
  const { session } = openSession({ speed: 1 });
  await session.propose();
  const { state } = session;
  if (state.kind !== 'proposed') throw new Error(`The session is ${state.kind}.`);
  expect(state.estimate.tokens).toBeGreaterThan(1_000);
  expect(state.estimate.seconds).toBe(state.estimate.tokens);
  session.decline();
  expect(session.state).toEqual({ kind: 'idle' });
  expect(session.declined).toBe(true);

  const waiting = ask(session, 4);
  await nextState(session, 'proposed');
  session.decline();
  await expect(waiting).rejects.toThrow('Cancelled before the repository was read.');

  const answered = ask(session, 4);
  await nextState(session, 'proposed');
  await session.read('requested');
  expect((await answered).outputTokens).toBeGreaterThan(0);
});

it('asks for a long reading, too, where what is kept on disk cannot be looked at', async () => {
  const root = owned.repository.folder;
  const folder = path.join(root, 'kept');
  await mkdir(folder);
  await writeFile(path.join(folder, `${keyOf([root])}-1.loci`), '');
  const { session } = openSession({ speed: 1, keep: { folder, restore: false } });
  await session.propose();
  expect(session.state.kind).toBe('proposed');
  await rm(folder, { recursive: true });
});

it('reads nothing again where another budget comes to what is held, and says what the new one is', async () => {
  const folder = await generatedRepository(9_000);
  try {
    let budget: Budget = { unit: 'mebibytes', value: 900 * 1024 };
    const { session, states } = openSession({ folder: folder.folder, budget: () => budget });
    await session.read('requested');
    const first = memoryOf(session.state);
    expect(first?.notices.join()).toContain('This model can hold at most');
    states.length = 0;
    budget = { unit: 'mebibytes', value: 800 * 1024 };
    await session.read('settings');
    expect(states.map(({ kind }) => kind)).toEqual(['ready']);
    expect(memoryOf(session.state)).toEqual(first);
    budget = { unit: 'tokens', value: first?.budget.tokens ?? 0 };
    expect(await session.adopt()).toEqual({ kind: 'taken' });
    expect(memoryOf(session.state)).toEqual({ ...first, notices: [] });
    expect(session.state).toHaveProperty('notice', null);
    budget = { unit: 'tokens', value: 10 };
    expect(await session.adopt()).toEqual({ kind: 'taken' });
    expect(sentence(session.state)).toContain('Use at least 64 tokens.');
    budget = { unit: 'tokens', value: 256 };
    expect(await session.adopt()).toEqual({ kind: 'taken' });
    expect(memoryOf(session.state)).toMatchObject({ budget: { tokens: 256 } });
    expect(session.outdated).toBeNull();
    budget = { unit: 'tokens', value: first?.budget.tokens ?? 0 };
    expect(await session.adopt()).toMatchObject({
      kind: 'reading',
      growth: { tokens: first?.budget.tokens, fits: true },
      sentence: expect.stringContaining('tokens here') as string,
    });
    expect(session.outdated).toBe(
      'This memory was read with a budget of 256 tokens; use Read Again to apply the new settings.',
    );
    expect((await ask(session, 2)).outputTokens).toBeGreaterThan(0);
    expect(states.every(({ kind }) => kind === 'ready')).toBe(true);
  } finally {
    await folder.remove();
  }
});

it('says what a larger budget means, and makes the memory smaller where that is wanted meanwhile', async () => {
  let budget: Budget = { unit: 'tokens', value: 300 };
  const { session, states } = openSession({ budget: () => budget, speed: 100 });
  await session.read('requested');
  const first = memoryOf(session.state);
  states.length = 0;
  budget = { unit: 'tokens', value: 900 };
  const growing = session.read('settings');
  const begun = await nextState(session, 'reading');
  expect(begun).toMatchObject({ result: first });
  expect(begun).toHaveProperty(
    'notice',
    expect.stringMatching(
      /^The new budget is 900 tokens here \([\d.]+ MiB\)\. Reading takes about [\d ]+ s\. The current memory answers until then\.$/u,
    ),
  );
  budget = { unit: 'tokens', value: 100 };
  await session.read('settings');
  await growing;
  const smaller = memoryOf(session.state);
  expect(session.state).toMatchObject({ kind: 'ready', notice: null });
  expect(smaller?.budget.tokens).toBe(100);
  expect(smaller?.memory.kvBytes).toBeLessThan(first?.memory.kvBytes ?? 0);
  expect(shown(states)).toEqual([first, smaller]);
  expect((await ask(session, 2)).outputTokens).toBeGreaterThan(0);
  budget = { unit: 'tokens', value: 900 };
  await session.read('settings');
  expect(memoryOf(session.state)?.budget.tokens).toBe(900);
});
