/** What a larger budget means here, before anything is done for it. */

import type { Growth } from '../protocol/requests/adopt.ts';
import { byteSize, counted } from './format.ts';
import { describeTime, estimateReading } from './reading-estimate.ts';

/**
 * Such as `The new budget is 4,100 tokens here (24 MiB). Reading takes about 2 min.`, and what happens
 * to the memory meanwhile.
 * @param repositoryTokens what is read for it
 * @param tokensPerSecond null where unknown
 */
export function describeGrowth(
  { tokens, bytes, fits }: Growth,
  repositoryTokens: number,
  tokensPerSecond: number | null,
): string {
  const estimate = estimateReading({ tokens: repositoryTokens, folders: [] }, tokensPerSecond);
  const meanwhile = fits
    ? 'The current memory answers until then.'
    : 'Loci discards the current memory first: both together do not fit in the free memory.';
  return `The new budget is ${counted(tokens, 'token')} here (${byteSize(bytes)}). ${describeTime(estimate)} ${meanwhile}`;
}
