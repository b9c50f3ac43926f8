/** The packages whose code is measured: names and checksums are committed, code is not. */
import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { fromRoot } from '../../../../scripts/support/paths.mjs';

const listFile = fromRoot('test', 'quality', 'real', 'repositories', 'list.json');

const entry = z.strictObject({
  registry: z.enum(['npm', 'pypi']),
  name: z.string().min(1),
  version: z.string().min(1),
  licence: z.enum(['MIT', 'ISC', 'BSD-3-Clause', 'Apache-2.0', 'MIT OR Apache-2.0']),
  /** The folder of the package that contains the used code. */
  folder: z.string().min(1),
  /** The SHA-256 of the used files. */
  sha256: z.string(),
  files: z.number().int(),
  /** An estimate. */
  tokens: z.number().int(),
});

/** One package. */
export type ListedRepository = Readonly<z.infer<typeof entry>>;

/** @throws ZodError if the list is invalid */
export async function readList(file = listFile): Promise<readonly ListedRepository[]> {
  return z.array(entry).parse(JSON.parse(await readFile(file, 'utf8')));
}

/** Writes the list with updated counts. */
export async function writeList(list: readonly ListedRepository[], file = listFile): Promise<void> {
  await writeFile(file, `${JSON.stringify(list, null, 2)}\n`);
}

/** The name of the folder that holds a package's code. */
export function folderName({ registry, name, version }: ListedRepository): string {
  return `${registry}-${name.replaceAll(/[@/]+/gu, '-').replace(/^-/u, '')}-${version}`;
}
