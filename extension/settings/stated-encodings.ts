/** The editor's `files.encoding` for the folders that are read. */

import { z } from 'zod';
import { textEncoding } from '../protocol/encodings.ts';
import type { StatedEncoding } from '../protocol/encodings.ts';

/** The setting in one folder. */
export interface FolderEncoding {
  readonly root: string;
  /** The default for languages without their own, by the editor's name. */
  readonly encoding: unknown;
  /** By language identifier. */
  readonly languages: ReadonlyMap<string, unknown>;
}

const languageSchema = z.object({
  id: z.string(),
  extensions: z.array(z.string()).default([]),
  filenames: z.array(z.string()).default([]),
});

/** The file names of each language, or name endings that begin with a dot. */
export type LanguageNames = ReadonlyMap<string, readonly string[]>;

/**
 * Returns the encodings for reading. UTF-8 is stated only if the folder has another encoding.
 * Encodings that Loci cannot decode, such as `cp437`, and languages without known file names are
 * left to detection.
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
 * Returns the file names of each language.
 * @param contributions `contributes.languages` of each extension's manifest
 * @param associations the editor's `files.associations`, from name patterns to languages; of the
 *   patterns, only endings (`*.inc`) are supported
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
