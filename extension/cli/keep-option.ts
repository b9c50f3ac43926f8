/** `--keep FOLDER`: keeps the memory on disk for the next command. */

import { resolve } from 'node:path';
import type { OpenParameters } from '../protocol/requests/open.ts';
import { isWithin } from '../repository/disk/is-within.ts';
import type { OptionSpecs, ParsedArguments } from './command.ts';
import { text } from './options.ts';
import { UsageError } from './usage-error.ts';

export const keepOptions = {
  keep: {
    type: 'string',
    value: 'FOLDER',
    help: 'Keep the memory in this folder, and take it from there the next time instead of reading.',
  },
} as const satisfies OptionSpecs;

/** Where the memory is kept, outside of what is read. @throws UsageError */
export function keepOption(
  parsed: ParsedArguments,
  roots: readonly string[],
): Pick<OpenParameters, 'keep'> {
  const value = text(parsed, 'keep');
  if (value === undefined) return {};
  if (value === '') throw new UsageError('--keep is empty. Name a folder.');
  const folder = resolve(value);
  if (roots.some((root) => isWithin(root, folder))) {
    throw new UsageError('--keep names a folder of the repository. Name one outside of it.');
  }
  return { keep: { folder, restore: true } };
}
