import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fromRoot } from '../../scripts/support/paths.mjs';
import { nativeFiles } from '../../scripts/support/sources.mjs';

/** Which folder of native-kernels may include which; ARCHITECTURE.md states the same table. */
const mayInclude: Readonly<Record<string, readonly string[]>> = {
  core: [],
  runtime: ['core'],
  tensor: ['core', 'runtime'],
  model: ['core', 'runtime', 'tensor'],
  store: ['core', 'runtime', 'tensor'],
  policy: ['core'],
  scores: ['core', 'runtime', 'tensor', 'policy'],
  attention: ['core', 'runtime', 'tensor', 'model', 'store'],
  observe: ['core', 'runtime', 'tensor', 'model', 'store', 'policy', 'scores', 'attention'],
  generation: ['core', 'runtime', 'model'],
  memory: ['core', 'runtime', 'tensor', 'model', 'store', 'policy', 'attention', 'observe'],
  addon: ['core', 'runtime', 'model', 'policy', 'memory', 'generation'],
};

const top = fromRoot('native-kernels');

interface Include {
  readonly file: string;
  readonly target: string;
}

async function includes(): Promise<Include[]> {
  const files = (await nativeFiles()).map((file) => path.relative(top, path.resolve(file)));
  return files
    .filter((file) => !file.startsWith('test/'))
    .flatMap((file) => {
      const text = readFileSync(path.join(top, file), 'utf8');
      return [...text.matchAll(/^#include "([^"]+\/[^"]+)"/gm)].map(([, target = '']) => ({
        file,
        target,
      }));
    });
}

const folderOf = (file: string): string => file.split('/')[0] ?? '';

describe('the includes of native-kernels', () => {
  it('follow the layers', async () => {
    const all = await includes();
    expect(all.length).toBeGreaterThan(300);
    const against = all.filter(({ file, target }) => {
      const from = folderOf(file);
      const to = folderOf(target);
      return from !== to && !(mayInclude[from]?.includes(to) ?? false);
    });
    expect(against).toEqual([]);
  });

  it('have no circle between files', async () => {
    const targets = new Map<string, string[]>();
    for (const { file, target } of await includes()) {
      targets.set(file, [...(targets.get(file) ?? []), target]);
    }
    const done = new Set<string>();
    const visit = (file: string, above: readonly string[]): void => {
      expect(above, [...above, file].join(' -> ')).not.toContain(file);
      if (done.has(file)) return;
      for (const target of targets.get(file) ?? []) visit(target, [...above, file]);
      done.add(file);
    };
    for (const file of targets.keys()) visit(file, []);
  });
});
