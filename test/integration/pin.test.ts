/** Pinned files: never forgotten while the rest is, read again where some had gone, and kept on disk. */

import { describe, expect, it } from 'vitest';
import type { FileShare } from '../../extension/protocol/file-share.ts';
import type { FollowResult } from '../../extension/protocol/requests/follow.ts';
import type { OpenParameters } from '../../extension/protocol/requests/open.ts';
import { fullRun } from '../tools/full-run.ts';
import { never, opening, startEngine } from './support/engine.ts';
import type { TestEngine } from './support/engine.ts';
import { folderOf, temporaryFolder } from './support/folders.ts';

/** About 440 tokens. */
function textOf(index: number): string {
  const lines = Array.from(
    { length: 24 },
    (_, line) =>
      `export const value${String(index)}x${String(line)} = ${String(7 * line + index)};`,
  );
  return `${lines.join('\n')}\n`;
}

const files = Object.fromEntries(
  Array.from({ length: 18 }, (_, index) => [
    `src/part${String(index % 4)}/file${String(index).padStart(2, '0')}.ts`,
    textOf(index),
  ]),
);
const root = await folderOf(files);
const early = 'src/part0/file00.ts';
const later = 'src/part1/file05.ts';
const budget = { unit: 'tokens', value: 2_048 } as const;
const pinned = (...patterns: string[]): OpenParameters['pin'] => [{ root, patterns }];
const how = (more: Partial<OpenParameters> = {}): OpenParameters => ({
  ...opening(root, more),
  budget,
});

function sharesOf({
  files: shares,
}: {
  readonly files: readonly FileShare[];
}): Map<string, number> {
  return new Map(shares.map(({ path, kept }) => [path, kept]));
}

async function heldOf({ session }: TestEngine, path: string): Promise<number> {
  return sharesOf(await session.retention({ path: null }, never)).get(path) ?? 0;
}

const followed = (
  { session }: TestEngine,
  pin: OpenParameters['pin'],
  paths: readonly string[] | null = [],
): Promise<FollowResult> => session.follower.follow({ paths, always: false, pin }, never);

describe.each(fullRun ? ['rectangular', 'ragged'] : ['ragged'])(
  'layout %s: a pinned file',
  (layout) => {
    const policyParameters = { layout };

    it('stays whole while others are forgotten, from the reading on', async () => {
      const plain = await startEngine();
      const without = await plain.session.open(how({ policyParameters }), never);
      expect(sharesOf(without).get(early)).toBeLessThan(0.95);
      const engine = await startEngine();
      const result = await engine.session.open(
        how({ policyParameters, pin: pinned(`/${early}`, '/src/part1/file05.ts') }),
        never,
      );
      expect([sharesOf(result).get(early), sharesOf(result).get(later)]).toEqual([1, 1]);
      expect(result.files.filter((file) => file.pinned === true).map(({ path }) => path)).toEqual([
        early,
        later,
      ]);
      expect(result.memory.heldTokens).toBeLessThanOrEqual(budget.value);
      expect(result.notices.filter((notice) => notice.includes('inned'))).toEqual([]);
    });

    it('is read again where some of it had gone, alone and once, and stays from then on', async () => {
      const engine = await startEngine();
      await engine.session.open(how({ policyParameters }), never);
      expect(await heldOf(engine, early)).toBeLessThan(0.95);
      const { followed: done, opened, pending } = await followed(engine, pinned(`/${early}`));
      expect(done).toMatchObject({ filesRead: 1, filesForgotten: 1 });
      expect(pending).toEqual([]);
      expect(opened?.files.find(({ path }) => path === early)).toMatchObject({
        kept: 1,
        pinned: true,
      });
      const again = await followed(engine, pinned(`/${early}`), null);
      expect([again.opened, again.pending]).toEqual([null, []]);
      // Made smaller, it is still whole; unpinned, it goes like all others.
      const smaller = { ...budget, value: 1_100 };
      const adoption = await engine.session.adopt(
        { ...how({ policyParameters, pin: pinned(`/${early}`) }), budget: smaller },
        never,
      );
      expect(adoption.kind).toBe('taken');
      expect(await heldOf(engine, early)).toBe(1);
      await followed(engine, pinned());
      await engine.session.adopt(
        { ...how({ policyParameters }), budget: { ...budget, value: 256 } },
        never,
      );
      expect(await heldOf(engine, early)).toBeLessThan(0.95);
    });
  },
);

describe('more pinned files than fit', () => {
  it('take half of the budget, the first of them whole, and a sentence says so', async () => {
    const engine = await startEngine();
    const result = await engine.session.open(how({ pin: pinned('/src/') }), never);
    const said = result.notices.filter((notice) => notice.startsWith('Pinned files have'));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('half of the budget');
    expect(result.files.every((file) => file.pinned === true)).toBe(true);
    const shares = result.files.map(({ kept }) => kept);
    expect(shares[0]).toBe(1);
    expect(shares.filter((kept) => kept === 1).length).toBeLessThan(4);
    expect(result.memory.heldTokens).toBeLessThanOrEqual(budget.value);
    // What does not fit is not read again and again.
    const again = await followed(engine, pinned('/src/'), null);
    expect([again.opened, again.pending]).toEqual([null, []]);
    // A file pinned before them in the listing takes its room from the last.
    const { opened } = await followed(engine, pinned(`/${later}`));
    expect(opened?.files.filter((file) => file.pinned === true).map(({ path }) => path)).toEqual([
      later,
    ]);
    expect(await heldOf(engine, later)).toBe(1);
    expect(opened?.notices.filter((notice) => notice.startsWith('Pinned'))).toEqual([]);
  });

  it('agree with what is pinned one after the other, in any order', async () => {
    const paths = [early, later, 'src/part2/file02.ts', 'src/part3/file15.ts'];
    const engine = await startEngine();
    await engine.session.open(how(), never);
    for (const count of [1, 2, 3, 4]) {
      const pin = pinned(...paths.slice(-count).map((path) => `/${path}`));
      await followed(engine, pin);
      const quiet = await followed(engine, pin, null);
      expect([quiet.opened, quiet.pending]).toEqual([null, []]);
    }
    const shares = sharesOf(await engine.session.retention({ path: null }, never));
    expect([shares.get(early), shares.get(later)]).toEqual([1, 1]);
  });
});

describe('a memory on disk', () => {
  it('keeps its pins, and takes others when it is restored', async () => {
    const keep = { folder: await temporaryFolder(), restore: true };
    const first = await startEngine();
    await first.session.open(how({ keep, pin: pinned(`/${early}`) }), never);
    expect(await first.session.keep(never)).toBe(true);
    const same = await startEngine();
    const restored = await same.session.open(how({ keep, pin: pinned(`/${early}`) }), never);
    expect([restored.restored, restored.changed]).toEqual([true, []]);
    expect(sharesOf(restored).get(early)).toBe(1);
    await same.session.adopt({ ...how({ keep }), budget: { ...budget, value: 1_100 } }, never);
    expect(await heldOf(same, early)).toBe(1);
    const other = await startEngine();
    const pin = pinned(`/${later}`);
    const changed = await other.session.open(how({ keep, pin }), never);
    expect([changed.restored, changed.changed]).toEqual([true, [later]]);
    const { followed: done } = await followed(other, pin, null);
    expect(done).toMatchObject({ filesRead: 1 });
    expect(await heldOf(other, later)).toBe(1);
    await other.session.adopt(
      { ...how({ keep, pin }), budget: { ...budget, value: 1_100 } },
      never,
    );
    expect([await heldOf(other, later), (await heldOf(other, early)) < 1]).toEqual([1, true]);
  });
});
