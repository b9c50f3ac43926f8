/** What a folder keeps, for people to choose from. */

import { resolve } from 'node:path';
import type { OpenParameters } from '../../protocol/requests/open.ts';
import type { KeptMemory } from '../../protocol/requests/kept.ts';
import { readContainer } from './container.ts';
import { KeptFolder, keyOf } from './kept-folder.ts';
import { manifestOf } from './manifest.ts';
import type { Manifest } from './manifest.ts';
import { partLimits } from './restore-memory.ts';

const never = new AbortController().signal;

/** Everything that is kept in a folder, the newest first; what is damaged as well. */
export async function listKept(path: string): Promise<KeptMemory[]> {
  const folder = new KeptFolder(path);
  const generations = await folder.list();
  return Promise.all(
    generations.map(async (generation): Promise<KeptMemory> => {
      const { key, number, bytes, savedAt } = generation;
      const manifest = await manifestIn(folder.pathOf(generation));
      return {
        id: { key, number },
        bytes,
        savedAt,
        roots: manifest === null ? [] : [...manifest.fingerprint.roots],
        model: manifest?.modelName ?? null,
        tokens: manifest?.streamTokens ?? 0,
      };
    }),
  );
}

/** Whether anything is kept of these folders, whatever it is worth. */
export async function hasKept({ keep, roots }: OpenParameters): Promise<boolean> {
  if (keep === undefined) return false;
  const key = keyOf(roots.map((root) => resolve(root)));
  return (await new KeptFolder(keep.folder).generations(key)).length > 0;
}

/** Deletes what is named. @returns how much was there to be deleted */
export async function deleteKept(
  path: string,
  ids: readonly KeptMemory['id'][],
): Promise<{ deleted: number }> {
  const folder = new KeptFolder(path);
  const there = await folder.list();
  const wanted = there.filter((one) =>
    ids.some(({ key, number }) => key === one.key && number === one.number),
  );
  for (const one of wanted) await folder.remove(one);
  return { deleted: wanted.length };
}

async function manifestIn(path: string): Promise<Manifest | null> {
  try {
    const [part] = await readContainer(path, partLimits, never, 1);
    return part === undefined ? null : manifestOf(part);
  } catch {
    return null;
  }
}
