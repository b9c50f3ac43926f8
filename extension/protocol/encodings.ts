/** Encodings of files that the user states, by the names that editors, git and Unix give them. */

import { z } from 'zod';
import { path } from './fields.ts';
import type { Immutable } from './message.ts';

/** Names that `TextDecoder` does not know, without signs and in lower case, and what it calls them. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ['utf8bom', 'utf-8'],
  ['utf16', 'utf-16le'],
  ['utf16le', 'utf-16le'],
  ['utf16lebom', 'utf-16le'],
  ['utf16be', 'utf-16be'],
  ['utf16bebom', 'utf-16be'],
  ['macroman', 'macintosh'],
  ['maccyrillic', 'x-mac-cyrillic'],
  ['koi8r', 'koi8-r'],
  ['koi8u', 'koi8-u'],
  ['koi8ru', 'koi8-ru'],
  ['shiftjis', 'shift_jis'],
  ['cp932', 'shift_jis'],
  ['iso2022jp', 'iso-2022-jp'],
  ['eucjp', 'euc-jp'],
  ['euckr', 'euc-kr'],
  ['cp949', 'euc-kr'],
  ['uhc', 'euc-kr'],
  ['cp936', 'gbk'],
  ['euccn', 'gbk'],
  ['cp950', 'big5'],
  ['big5hkscs', 'big5-hkscs'],
  ['cp874', 'windows-874'],
  ['windows874', 'windows-874'],
]);

/** What to name where a name is not known. */
export const encodingExamples = ['windows-1251', 'iso-8859-2', 'shift_jis', 'gb18030', 'koi8-r'];

function known(label: string): string | null {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return null;
  }
}

/**
 * What `TextDecoder` calls an encoding.
 * @param name as VS Code (`windows1251`), iconv (`CP1251`) or `TextDecoder` has it
 * @returns null where the name is unknown, or `TextDecoder` cannot decode it, as `cp437`
 */
export function textEncoding(name: string): string | null {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  const [, windows] = /^(?:windows|cp|win)(125\d)$/.exec(plain) ?? [];
  const [, part] = /^iso8859(\d{1,2})$/.exec(plain) ?? [];
  const other =
    windows === undefined
      ? part === undefined
        ? otherNames.get(plain)
        : `iso-8859-${part}`
      : `windows-${windows}`;
  return known(other ?? name) ?? known(plain);
}

/** The encoding of some files, where they are not UTF-8. */
export const statedEncodingSchema = z.object({
  /** The folder that they are in, one of those that are read; null: all of these. */
  root: path.nullable(),
  /** Their names, or ends of these that begin with a dot; empty: all files. */
  names: z.array(z.string().min(1)),
  /** As `TextDecoder` names it. */
  encoding: z.string().refine((name) => textEncoding(name) !== null, 'The encoding is unknown.'),
});
export type StatedEncoding = Immutable<z.infer<typeof statedEncodingSchema>>;

/** What the user states; the later decides where several speak of a file. */
export const statedEncodingsSchema = z.array(statedEncodingSchema);

/**
 * The encoding that is stated for a file.
 * @param name of the file, without folders
 * @returns null where none is, or UTF-8, which needs no statement
 */
export function statedFor(stated: readonly StatedEncoding[], name: string): string | null {
  const lower = name.toLowerCase();
  const found = stated.findLast(
    ({ names }) =>
      names.length === 0 ||
      names
        .map((known) => known.toLowerCase())
        .some((known) => (known.startsWith('.') ? lower.endsWith(known) : lower === known)),
  );
  return found === undefined || found.encoding === 'utf-8' ? null : found.encoding;
}
