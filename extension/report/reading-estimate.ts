/** Estimates a reading, and decides whether to ask the user first. */

import { compactCount, duration, percent } from './format.ts';
import type { ReadingEstimate } from '../protocol/reading-estimate.ts';

/** Longer readings need the user's consent. */
const longSeconds = 60;
/** The same if the speed is unknown. */
const manyTokens = 300_000;
/** The same if the current memory is discarded first. */
const longSecondsWithout = 5;
const manyTokensWithout = 1_000;

/** Shown if another model or device replaces the memory. */
export const givenUpFirst = 'Loci discards the current memory first.';

/** @param tokensPerSecond null if unknown */
export function estimateReading(
  size: Pick<ReadingEstimate, 'tokens' | 'folders'>,
  tokensPerSecond: number | null,
): ReadingEstimate {
  const { tokens, folders } = size;
  const known = tokensPerSecond !== null && tokensPerSecond > 0;
  return { tokens, seconds: known ? tokens / tokensPerSecond : null, folders: [...folders] };
}

/**
 * Whether to ask the user first.
 * @param givesUp whether the current memory is discarded before the reading begins
 */
export function takesLong({ tokens, seconds }: ReadingEstimate, givesUp = false): boolean {
  if (seconds === null) return tokens > (givesUp ? manyTokensWithout : manyTokens);
  return seconds > (givesUp ? longSecondsWithout : longSeconds);
}

/** Returns for example `This repository has about 16M tokens. Reading takes about 4 h 20 min.` */
export function describeEstimate(estimate: ReadingEstimate): string {
  const size = `This repository has about ${compactCount(estimate.tokens)} tokens.`;
  return `${size} ${describeTime(estimate)}`;
}

/** Returns for example `Reading takes about 4 h 20 min.` */
export function describeTime({ seconds }: Pick<ReadingEstimate, 'seconds'>): string {
  return seconds === null
    ? 'Reading may take a long time.'
    : `Reading takes about ${rounded(seconds)}.`;
}

/**
 * Returns for example `Largest folders: vendor/ 61 %, docs/ 20 %. …`, or null if there are none.
 */
export function describeFolders({ tokens, folders }: ReadingEstimate): string | null {
  if (folders.length === 0 || tokens === 0) return null;
  const shares = folders.map((folder) => `${folder.path} ${percent(folder.tokens / tokens)}`);
  return `Largest folders: ${shares.join(', ')}. To exclude a folder, add it to .lociignore.`;
}

/** Rounds to the precision of an estimate. */
function rounded(seconds: number): string {
  const step = seconds < 60 ? 10 : seconds < 600 ? 60 : seconds < 3600 ? 300 : 600;
  return duration(Math.max(10, Math.round(seconds / step) * step));
}
