/** A memory that is kept on disk: restored to the bit, or refused in one sentence and read again. */

import { appendFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { OpenResult } from '../../extension/protocol/requests/open.ts';
import { asking, failureOf, never, onSlowDevice, opening, startEngine } from './support/engine.ts';
import type { TestEngine } from './support/engine.ts';
import { folderOf, sampleRepository, temporaryFolder } from './support/folders.ts';

const { root, questions } = await sampleRepository({ tokens: 40_000 });
const asked = questions.slice(0, 3).map(({ question }) => question);

interface Kept {
  readonly folder: string;
  readonly opened: OpenResult;
  readonly seen: unknown;
  readonly engine: TestEngine;
}

/** What must be the same: answers, and what is held of each file, line and head. */
async function seenOf({ session }: TestEngine): Promise<unknown> {
  const answers = [];
  for (const question of asked) {
    const { answer, citations, recalled } = await session.ask(
      asking(question),
      () => undefined,
      never,
    );
    answers.push({ answer, citations, recalled });
  }
  return { answers, held: await session.retention({ path: null, everyLine: true }, never) };
}

/** Reads, and keeps what was read. */
async function keptOf(repository: string, folder: string): Promise<Kept> {
  const engine = await startEngine();
  const keep = { folder, restore: false };
  const opened = await engine.session.open(opening(repository, { keep }), never);
  const seen = await seenOf(engine);
  expect(await engine.session.keep(never)).toBe(true);
  return { folder, opened, seen, engine };
}

const kept = await keptOf(root, await temporaryFolder());

/** Everything but times and places in memory that depend on when they were taken. */
function figures({ timings, memory, restored, ...rest }: OpenResult): unknown {
  expect(restored).toBe(rest.repository !== kept.opened.repository);
  const { peakKvBytes, ...held } = memory;
  expect(peakKvBytes).toBeGreaterThan(0);
  expect(timings.ingestMs).toBeGreaterThan(0);
  return { ...rest, held };
}

describe('a memory that was kept', () => {
  it('answers in a new engine as before, without reading and in a fraction of its time', async () => {
    const engine = await startEngine();
    // The model is loaded: the time of a reading is without that as well.
    await engine.session.open(opening(await folderOf({ 'a.ts': 'export const a = 1;\n' })), never);
    engine.progress.length = 0;
    const opened = opening(root, { keep: { folder: kept.folder, restore: true } });
    let restored = await engine.session.open(opened, never);
    // The machine does other things as well: the fastest of some.
    let took = Infinity;
    for (let times = 0; times < 4; times++) {
      const startedAt = performance.now();
      restored = await engine.session.open(opened, never);
      took = Math.min(took, performance.now() - startedAt);
    }
    expect(engine.progress.filter(({ phase }) => phase === 'reading')).toEqual([]);
    expect(figures(restored)).toEqual(figures(kept.opened));
    expect(await seenOf(engine)).toEqual(kept.seen);
    const share = took / kept.opened.timings.ingestMs;
    process.stdout.write(
      `restored in ${took.toFixed(0)} ms, ${(100 * share).toFixed(2)} % of reading\n`,
    );
    expect(share).toBeLessThan(onSlowDevice ? 0.2 : 0.02);
    expect(await engine.session.keep(never)).toBe(true);
    expect(await generations(kept.folder)).toEqual([1]);
  });

  it('is readable for its owner alone, and nothing else is left', async () => {
    const names = await readdir(kept.folder);
    expect(names).toHaveLength(2);
    for (const name of names) {
      expect((await stat(join(kept.folder, name))).mode & 0o777).toBe(0o600);
    }
  });

  it('is restored by itself or not at all where only that is asked for', async () => {
    const { session } = await startEngine();
    const folder = await temporaryFolder();
    const nothing = opening(root, { keep: { folder, restore: true } });
    expect(await session.restore(nothing, never)).toBeNull();
    expect(await failureOf(session.ask(asking('?'), () => undefined, never))).toMatchObject({
      code: 'not-open',
    });
    const there = opening(root, { keep: { folder: kept.folder, restore: true } });
    const restored = await session.restore(there, never);
    expect(restored?.repository).toEqual(kept.opened.repository);
    // Asked for a larger budget, what is held stays.
    const budget = { unit: 'tokens', value: 700 } as const;
    expect(await session.restore({ ...there, budget }, never)).toBeNull();
    expect(await session.ask(asking('What is it?'), () => undefined, never)).toBeDefined();
  });
});

describe('saving', () => {
  it('begins by itself once the engine is idle, and a question stops it', async () => {
    const small = await sampleRepository({ tokens: 1500 });
    const folder = await temporaryFolder();
    const engine = await startEngine();
    const keep = { folder, restore: true };
    const opened = await engine.session.open(opening(small.root, { keep }), never);
    expect(opened.notices).toEqual([]);
    expect(await generations(folder)).toEqual([]);
    await engine.session.ask(asking('What is it?'), () => undefined, never);
    await until(async () => (await generations(folder)).length > 0);
    const other = await startEngine();
    await other.session.open(opening(small.root, { keep }), never);
    expect(other.progress.some(({ phase }) => phase === 'reading')).toBe(false);
  });

  it('keeps two generations, and leaves out what is beyond the limit', async () => {
    const small = await sampleRepository({ tokens: 1500 });
    const folder = await temporaryFolder();
    for (let times = 0; times < 3; times++) {
      const { session } = await startEngine();
      await session.open(opening(small.root, { keep: { folder, restore: false } }), never);
      await session.keep(never);
    }
    expect(await generations(folder)).toEqual([2, 3]);
    const [one] = await readdir(folder);
    expect(one).toBeDefined();
    const bytes = (await sizeOf(folder)) / 2;
    const other = await sampleRepository({ tokens: 1500, seed: 12 });
    const { session } = await startEngine();
    const keep = { folder, restore: false, limitBytes: Math.round(bytes * 2.5) };
    await session.open(opening(other.root, { keep }), never);
    expect(await session.keep(never)).toBe(true);
    // The oldest went.
    expect(await generations(folder)).toEqual([1, 3]);
    const tiny = { folder, restore: false, limitBytes: 1000 };
    await session.open(opening(small.root, { keep: tiny }), never);
    expect(await session.keep(never)).toBe(false);
    expect(await generations(folder)).toEqual([1, 3]);
  });
});

it('is never put into the repository, by whatever way', async () => {
  const small = await folderOf({ 'a.ts': 'export const a = 1;\n' });
  const link = join(await temporaryFolder(), 'link');
  await symlink(small, link);
  const { session } = await startEngine();
  for (const folder of [small, join(small, 'kept'), link, join(link, 'new', 'kept')]) {
    const keep = { folder, restore: true };
    expect(await failureOf(session.open(opening(small, { keep }), never))).toEqual({
      code: 'invalid-argument',
      message: 'A memory cannot be kept in the repository. Choose a folder outside of it.',
    });
    await session.open(opening(small, { keep: { folder, restore: false } }), never);
    expect(await session.keep(never)).toBe(false);
    expect(await readdir(small)).toEqual(['a.ts']);
  }
});

describe('files that changed since', () => {
  it('are named, and the memory is in use at once', async () => {
    const files = { 'a.ts': 'export const a = 1;\n', 'b.ts': 'export const b = 2;\n', 'c.ts': '' };
    const repository = await folderOf({ ...files, 'd.ts': 'export const dee = 4;\n' });
    const folder = await temporaryFolder();
    await keptOf(repository, folder);
    await appendFile(join(repository, 'b.ts'), 'export const another = 3;\n');
    await rm(join(repository, 'd.ts'));
    await writeFile(join(repository, 'e.ts'), 'export const fifth = 5;\n');
    const engine = await startEngine();
    const keep = { folder, restore: true };
    const restored = await engine.session.open(opening(repository, { keep }), never);
    expect(engine.progress.some(({ phase }) => phase === 'reading')).toBe(false);
    expect(restored.changed.toSorted()).toEqual(['b.ts', 'd.ts', 'e.ts']);
    const question = 'What is the value of b in b.ts?';
    const { notices } = await engine.session.ask(asking(question), () => undefined, never);
    expect(notices).toContain('b.ts has changed since the repository was read.');
    const again = await engine.session.open(
      opening(repository, { keep: { folder, restore: false } }),
      never,
    );
    expect(again.changed).toEqual([]);
  });
});

async function generations(folder: string): Promise<number[]> {
  const names = await readdir(folder);
  return names
    .flatMap((name) => /-(\d+)\.loci$/u.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

async function sizeOf(folder: string): Promise<number> {
  const sizes = (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 60_000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error('It did not happen within a minute.');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
