import type { OpenParameters } from '../protocol/requests/open.ts';

/**
 * Returns the parameters for the engine from the wanted ones.
 * @param how `safeMode` computes on the CPU; `restore`, after a crash, uses the memory kept on disk
 *   instead of a reading
 */
export function parametersOf(
  wanted: OpenParameters,
  { safeMode, restore }: { readonly safeMode: boolean; readonly restore: boolean },
): OpenParameters {
  const { keep, gpu } = wanted;
  const kept = keep === undefined ? wanted : { ...wanted, keep: { ...keep, restore } };
  return safeMode && gpu !== 'cpu' ? { ...kept, gpu: 'cpu' } : kept;
}
