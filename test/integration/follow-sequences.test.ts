/** Any sequence of edits: the memory holds what the files say, and nothing else. */

import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { OpenResult } from '../../extension/protocol/requests/open.ts';
import { never, onSlowDevice, opening, startEngine } from './support/engine.ts';
import type { TestEngine } from './support/engine.ts';
import { folderOf } from './support/folders.ts';

const anything = { paths: null, always: false };

/** Rows of all heads, less those that stand for tokens of files. */
async function rowsOutsideFiles({ session: own }: TestEngine): Promise<number> {
  const { files, heads } = await own.retention({ path: null }, never);
  const rows = heads.flat().reduce((sum, head) => sum + head, 0);
  const pairs = heads.flat().length;
  return rows - Math.round(files.reduce((sum, file) => sum + file.kept * file.tokens * pairs, 0));
}

describe('any sequence of edits', () => {
  const sequences = process.env['LOCI_TEST_FULL'] === undefined ? 50 : 500;
  const layouts = onSlowDevice ? ['rectangular'] : ['rectangular', 'ragged'];

  it.each(layouts)(
    'leaves no row behind, and the index agrees with the files: %s',
    async (layout) => {
      let state = 17;
      const random = (below: number): number => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return Math.floor((state / 2 ** 32) * below);
      };
      const disk = new Map<string, string>();
      const draw = (): string => {
        const lines = Array.from(
          { length: 1 + random(12) },
          () => `let v${String(random(99))} = 1;\n`,
        );
        return lines.join('');
      };
      for (let index = 0; index < 12; index++) disk.set(`f${String(index)}.ts`, draw());
      const folder = await folderOf(Object.fromEntries(disk));
      const own = await startEngine();
      const parameters = opening(folder, { policyParameters: { layout } });
      let figures: OpenResult = await own.session.open(parameters, never);
      const front = figures.repository.tokens - sumOf(figures);
      const outside = await rowsOutsideFiles(own);
      const change = async (): Promise<void> => {
        const paths = [...disk.keys()];
        const path = paths[random(paths.length)] ?? 'f0.ts';
        const kind = random(5);
        const other = `f${String(random(30))}.ts`;
        if (kind === 0 && disk.size > 2) {
          disk.delete(path);
          await rm(join(folder, path));
        } else if (kind === 1 && path !== other) {
          disk.set(other, disk.get(path) ?? '');
          disk.delete(path);
          await rename(join(folder, path), join(folder, other));
        } else {
          const target = kind === 2 ? other : path;
          const text = kind === 3 ? (disk.get(paths[0] ?? '') ?? draw()) : draw();
          disk.set(target, text);
          await writeFile(join(folder, target), text);
        }
      };
      for (let sequence = 0; sequence < sequences; sequence++) {
        for (let times = 0; times <= random(4); times++) await change();
        const controller = new AbortController();
        if (random(6) === 0)
          setTimeout(() => {
            controller.abort();
          }, random(60));
        try {
          const result = await own.session.follower.follow(anything, controller.signal);
          figures = result.opened ?? figures;
          if (result.opened !== null) {
            expect(result.opened.repository.tokens).toBe(front + sumOf(result.opened));
            expect(result.opened.memory.logicalBytes).toBeLessThanOrEqual(figures.budget.bytes);
          }
          if (result.pending.length === 0) {
            const files = figures.files.map(({ path }) => path);
            expect([...files].sort()).toEqual([...disk.keys()].sort());
          }
        } catch (error) {
          expect(controller.signal.aborted, String(error)).toBe(true);
        }
        expect(await rowsOutsideFiles(own)).toBeLessThanOrEqual(outside);
      }
      const { pending } = await own.session.follower.follow(anything, never);
      expect(pending).toEqual([]);
      const { files } = await own.session.retention({ path: null }, never);
      expect(files.map(({ path }) => path).sort()).toEqual([...disk.keys()].sort());
      for (const [path, text] of disk) {
        const { lines } = await own.session.retention({ path }, never);
        expect(lines).toHaveLength(text.split('\n').length - 1);
      }
    },
    1_800_000,
  );
});

const sumOf = ({ files }: OpenResult): number => files.reduce((sum, { tokens }) => sum + tokens, 0);
