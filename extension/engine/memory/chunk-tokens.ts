/**
 * The tokens of one prefill step: an eighth of the trained context, as a power of
 * two between 256 and 1024.
 */
export function chunkTokensFor(trainedContext: number): number {
  const power = 2 ** Math.round(Math.log2(Math.max(1, trainedContext) / 8));
  return Math.min(1024, Math.max(256, power));
}
