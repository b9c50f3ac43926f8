/** What the editor's `files.encoding` says of the folders that are read. */

import { z } from 'zod';
import { textEncoding } from '../protocol/encodings.ts';
import type { StatedEncoding } from '../protocol/encodings.ts';

/** The setting as it is in one folder. */
export interface FolderEncoding {
  readonly root: string;
  /** For all languages that have none of their own, as the editor names it. */
  readonly encoding: unknown;
  /** By the identifier of a language. */
  readonly languages: ReadonlyMap<string, unknown>;
}

const languageSchema = z.object({
  id: z.string(),
  extensions: z.array(z.string()).default([]),
  filenames: z.array(z.string()).default([]),
});

/** The names of files, or ends of these that begin with a dot, that are in a language. */
export type LanguageNames = ReadonlyMap<string, readonly string[]>;

/**
 * Encodings to read with. UTF-8 is stated only where the folder has another, and what Loci cannot
 * decode, such as `cp437`, is left to the guess, as is a language without files of a known name.
 */
export function statedEncodings(
  folders: readonly FolderEncoding[],
  names: LanguageNames,
): StatedEncoding[] {
  return folders.flatMap(({ root, encoding, languages }) => {
    const common = toStated(encoding);
    const stated: StatedEncoding[] =
      common === null || common === 'utf-8' ? [] : [{ root, names: [], encoding: common }];
    for (const [language, own] of languages) {
      const found = toStated(own);
      const known = names.get(language) ?? [];
      if (found === null || known.length === 0 || (found === 'utf-8' && stated.length === 0)) {
        continue;
      }
      stated.push({ root, names: [...known], encoding: found });
    }
    return stated;
  });
}

function toStated(value: unknown): string | null {
  return typeof value === 'string' ? textEncoding(value) : null;
}

/**
 * The names of the files of each language.
 * @param contributions what each extension contributes as `languages`, as its manifest has it
 * @param associations the editor's `files.associations`: patterns of names to languages; of patterns,
 * those of an end (`*.inc`) are understood
 */
export function languageNames(
  contributions: readonly unknown[],
  associations: unknown,
): Map<string, string[]> {
  const names = new Map<string, string[]>();
  const add = (language: string, found: readonly string[]): void => {
    names.set(language, [...(names.get(language) ?? []), ...found.filter((name) => name !== '')]);
  };
  for (const contribution of contributions) {
    const languages = z.array(z.unknown()).safeParse(contribution).data ?? [];
    for (const language of languages) {
      const { success, data } = languageSchema.safeParse(language);
      if (success) add(data.id, [...data.extensions, ...data.filenames]);
    }
  }
  const associated = z.record(z.string(), z.string()).safeParse(associations).data ?? {};
  for (const [pattern, language] of Object.entries(associated)) {
    const name = pattern.replace(/^(?:\*\*\/)?\*(?=\.)/, '');
    if (!/[*?{}[\]/]/.test(name)) add(language, [name]);
  }
  return names;
}
