/** What a reading would take, and whether the user is asked before it. */

import { compactCount, duration, percent } from './format.ts';
import type { ReadingEstimate } from '../protocol/reading-estimate.ts';

/** A reading that takes longer is asked about. */
const longSeconds = 60;
/** The same where the speed is unknown. */
const manyTokens = 300_000;
/** The same where the memory that answers goes first. */
const longSecondsWithout = 5;
const manyTokensWithout = 1_000;

/** Said where another model or device takes the place of the memory. */
export const givenUpFirst = 'Loci discards the current memory first.';

/** @param tokensPerSecond null where unknown */
export function estimateReading(
  size: Pick<ReadingEstimate, 'tokens' | 'folders'>,
  tokensPerSecond: number | null,
): ReadingEstimate {
  const { tokens, folders } = size;
  const known = tokensPerSecond !== null && tokensPerSecond > 0;
  return { tokens, seconds: known ? tokens / tokensPerSecond : null, folders: [...folders] };
}

/**
 * Whether the user is asked first.
 * @param givesUp whether the memory that answers goes before the reading begins
 */
export function takesLong({ tokens, seconds }: ReadingEstimate, givesUp = false): boolean {
  if (seconds === null) return tokens > (givesUp ? manyTokensWithout : manyTokens);
  return seconds > (givesUp ? longSecondsWithout : longSeconds);
}

/** Such as `This repository has about 16M tokens. Reading takes about 4 h 20 min.` */
export function describeEstimate(estimate: ReadingEstimate): string {
  const size = `This repository has about ${compactCount(estimate.tokens)} tokens.`;
  return `${size} ${describeTime(estimate)}`;
}

/** Such as `Reading takes about 4 h 20 min.` */
export function describeTime({ seconds }: Pick<ReadingEstimate, 'seconds'>): string {
  return seconds === null
    ? 'Reading may take a long time.'
    : `Reading takes about ${rounded(seconds)}.`;
}

/** Such as `Largest folders: vendor/ 61 %, docs/ 20 %.`; null where there are none. */
export function describeFolders({ tokens, folders }: ReadingEstimate): string | null {
  if (folders.length === 0 || tokens === 0) return null;
  const shares = folders.map((folder) => `${folder.path} ${percent(folder.tokens / tokens)}`);
  return `Largest folders: ${shares.join(', ')}. To exclude a folder, add it to .lociignore.`;
}

/** No more digits than an estimate has. */
function rounded(seconds: number): string {
  const step = seconds < 60 ? 10 : seconds < 600 ? 60 : seconds < 3600 ? 300 : 600;
  return duration(Math.max(10, Math.round(seconds / step) * step));
}
