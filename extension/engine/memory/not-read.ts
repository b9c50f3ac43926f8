/** Why the memory has nothing of a file. */

import type { SkippedFile } from '../../protocol/skipped-file.ts';

/**
 * Says why a file is not in the index, as the end of a sentence.
 * @param listed whether the repository has such a file
 */
export function reasonNotRead(
  path: string,
  skipped: readonly SkippedFile[],
  listed: boolean,
): string {
  const found = skipped.find((file) => file.path === path);
  if (found !== undefined) {
    return found.detail === undefined
      ? `it was skipped as ${found.reason}`
      : `it was skipped because it ${found.detail}`;
  }
  return listed ? 'it has not been read yet' : 'the repository has no such file';
}
