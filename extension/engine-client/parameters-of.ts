import type { OpenParameters } from '../protocol/requests/open.ts';

/**
 * What is asked of an engine for what is wanted.
 * @param how in safe mode the CPU computes; after a crash what is kept on disk comes back in place of a
 *   reading
 */
export function parametersOf(
  wanted: OpenParameters,
  { safeMode, restore }: { readonly safeMode: boolean; readonly restore: boolean },
): OpenParameters {
  const { keep, gpu } = wanted;
  const kept = keep === undefined ? wanted : { ...wanted, keep: { ...keep, restore } };
  return safeMode && gpu !== 'cpu' ? { ...kept, gpu: 'cpu' } : kept;
}
