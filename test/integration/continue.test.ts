/** Reading on where reading was cancelled: the memory is what an uninterrupted reading gives. */

import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fullRun } from '../tools/full-run.ts';
import type { OpenResult } from '../../extension/protocol/requests/open.ts';
import { asking, failureOf, never, onSlowDevice, opening, startEngine } from './support/engine.ts';
import type { TestEngine } from './support/engine.ts';
import { folderOf, sampleRepository } from './support/folders.ts';

const repository = await sampleRepository({ tokens: 6000 });
const { root } = repository;
const whole = await readWhole(root);

/** A signal that fires once a reading has dealt with so many tokens. */
function cancelledAt(engine: TestEngine, tokens: number): AbortSignal {
  const controller = new AbortController();
  engine.onEvent = (event) => {
    if ('phase' in event && event.phase === 'reading' && event.tokens >= tokens) controller.abort();
  };
  return controller.signal;
}

/** An uninterrupted reading. */
async function readWhole(folder: string): Promise<{
  readonly session: TestEngine['session'];
  readonly opened: OpenResult;
  readonly heads: unknown;
}> {
  const { session } = await startEngine();
  const opened = await session.open(opening(folder), never);
  return { session, opened, heads: await headsOf(session) };
}

/** A first reading that was cancelled after so many tokens. */
async function stopped(folder: string, tokens: number): Promise<[TestEngine, OpenResult]> {
  const engine = await startEngine();
  const opened = await engine.session.open(opening(folder), cancelledAt(engine, tokens));
  expect(opened.complete).toBe(false);
  engine.onEvent = () => undefined;
  engine.progress.length = 0;
  return [engine, opened];
}

/** Tokens that each head holds, and what each file holds. */
async function headsOf(session: TestEngine['session']): Promise<unknown> {
  const { files, heads } = await session.retention({ path: null, everyLine: true }, never);
  return { files, heads };
}

/** What must not depend on where reading was interrupted: everything but times. */
function figures(opened: OpenResult): Partial<OpenResult> {
  const { timings, ...rest } = opened;
  expect(timings.ingestTokensPerSecond).toBeGreaterThan(0);
  return rest;
}

describe('a reading that was cancelled and continued', () => {
  const everywhere = fullRun ? [1, 1024, 3000, 5500] : [1024];
  const places = onSlowDevice ? [512] : everywhere;

  it.each(places)('after %i tokens, is the same as one that was not', async (tokens) => {
    const [engine, first] = await stopped(root, tokens);
    const { session, progress } = engine;
    const { memory } = session.state;
    const continued = await session.continueReading(never);
    expect(continued.timings.ingestMs).toBeGreaterThan(first.timings.ingestMs);
    expect(figures(continued)).toEqual(figures(whole.opened));
    expect(await headsOf(session)).toEqual(whole.heads);
    expect(session.state.memory).toBe(memory);
    const read = progress.filter(({ phase }) => phase === 'reading').map((event) => event.tokens);
    expect(read[0]).toBe(first.repository.tokens);
    expect(read.at(-1)).toBe(whole.opened.repository.tokens);
  });

  it('answers in between from what was read by then, and at the end about the last file', async () => {
    const [{ session }] = await stopped(root, 1024);
    const [question] = repository.questions.filter(({ path }) => path === lastPath());
    const text = question?.question ?? `What is in ${lastPath()}?`;
    const before = await session.ask(asking(text), () => undefined, never);
    expect(before.notices.join()).toMatch(/Read so far: \d+ % \(\d+ of \d+ files\)/u);
    const reading = session.continueReading(never);
    const between = await session.ask(
      asking('What is a?', { maxTokens: 2 }),
      () => undefined,
      never,
    );
    expect(between.notices.join()).toMatch(/Read so far: \d+ % \(\d+ of \d+ files\)/u);
    await reading;
    const after = await session.ask(asking(text), () => undefined, never);
    expect(after.notices.join()).not.toMatch(/Read so far/u);
    const wanted = await whole.session.ask(asking(text), () => undefined, never);
    expect(after.answer).toBe(wanted.answer);
    expect(after.recalled).toEqual(wanted.recalled);
    expect(after.recalled.map(({ path }) => path)).toContain(lastPath());
  });

  it('cancelled again keeps what was read by then, as often as that happens', async () => {
    const [engine, first] = await stopped(root, 512);
    const { session } = engine;
    let tokens = first.repository.tokens;
    for (let stop = 1; stop <= 3; stop++) {
      const again = await session.continueReading(cancelledAt(engine, tokens + 1));
      expect(again.complete).toBe(false);
      expect(again.repository.tokens).toBe(tokens + 512);
      expect(again.notices.join()).toMatch(/Reading stopped early/u);
      tokens = again.repository.tokens;
    }
    engine.onEvent = () => undefined;
    expect(figures(await session.continueReading(never))).toEqual(figures(whole.opened));
    expect(await headsOf(session)).toEqual(whole.heads);
    expect(figures(await session.continueReading(never))).toEqual(figures(whole.opened));
  });

  it('is refused where nothing was read', async () => {
    const { session } = await startEngine();
    expect((await failureOf(session.continueReading(never))).code).toBe('not-open');
  });
});

describe('files that change between the two', () => {
  /** A copy of the repository whose reading was cancelled after 1024 tokens. */
  async function interrupted(): Promise<{
    readonly folder: string;
    readonly engine: TestEngine;
    readonly read: readonly string[];
    /** Not read at all, in the order of the stream. */
    readonly unread: readonly string[];
  }> {
    const folder = await folderOf(Object.fromEntries(repository.files));
    const [engine, opened] = await stopped(folder, 1024);
    const read = opened.files.map(({ path }) => path);
    const unread = whole.opened.files
      .map(({ path }) => path)
      .filter((path) => !read.includes(path));
    expect(unread.length).toBeGreaterThan(3);
    return { folder, engine, read, unread };
  }

  it('are read as they are then; those that are gone are left out, once', async () => {
    const { folder, engine, read, unread } = await interrupted();
    const [changed = '', gone = '', , binary = ''] = unread;
    await writeFile(join(folder, changed), 'export const CHANGED_SINCE = 4711;\n');
    await rm(join(folder, gone));
    await writeFile(join(folder, binary), new Uint8Array([0, 1, 2, 0]));
    await writeFile(join(folder, read[0] ?? ''), 'was read whole\n');
    const { session } = engine;
    await session.continueReading(cancelledAt(engine, 1024));
    engine.onEvent = () => undefined;
    const opened = await session.continueReading(never);
    expect(opened.complete).toBe(true);
    expect(opened.skipped).toEqual([
      { path: gone, reason: 'disappeared' },
      { path: binary, reason: 'binary', detail: 'is not text' },
    ]);
    const expected = whole.opened.files.map(({ path }) => path);
    expect(opened.files.map(({ path }) => path)).toEqual(
      expected.filter((path) => path !== gone && path !== binary),
    );
    const answer = await session.ask(asking('What is CHANGED_SINCE?'), () => undefined, never);
    expect(answer.unknownNames).toEqual([]);
    expect(answer.recalled.map(({ path }) => path)).toContain(changed);
  });

  it.each(['changed', 'removed'] as const)(
    'a file that was cut off and %s is said to, and the memory stays',
    async (how) => {
      const { folder, engine, read } = await interrupted();
      const { session } = engine;
      const path = read.at(-1) ?? '';
      if (how === 'removed') await rm(join(folder, path));
      else await writeFile(join(folder, path), 'let other = 1;\n');
      const before = await headsOf(session);
      const failure = await failureOf(session.continueReading(never));
      expect(failure).toEqual({
        code: 'repository-changed',
        message: `${path} has changed since reading was stopped. Read the repository again.`,
      });
      expect(await headsOf(session)).toEqual(before);
      const answer = await session.ask(asking('What is a?'), () => undefined, never);
      expect(answer.notices.join()).toMatch(/Read so far: \d+ % \(\d+ of \d+ files\)/u);
    },
  );
});

function lastPath(): string {
  return whole.opened.files.at(-1)?.path ?? '';
}
