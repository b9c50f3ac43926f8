/** What the idle pass keeps by: the score of a reconstruction, and everything else as it was. */

import type { ChosenPolicy, PolicyParameters, RefinePolicyName } from '../../protocol/policies.ts';

/**
 * KVzip's score (arXiv 2505.23416) in place of the one that needs no queries. The mean over the
 * repetition's rows, not the published maximum: docs/memory-methods.md has the comparison.
 */
const reconstruction: PolicyParameters = { score: 'attention', rows: 'repeat', aggregate: 'mean' };

/**
 * The policy of the pass.
 * @param name `default`: our allocation and protections with the score of a reconstruction; the
 *   others as published.
 * @param read what the memory was read with: its own parameters go on counting where the preset
 *   stays the same.
 */
export function refinePolicy(name: RefinePolicyName, read: ChosenPolicy): ChosenPolicy {
  const own = read.name === name ? read.parameters : {};
  return { name, parameters: name === 'default' ? { ...own, ...reconstruction } : own };
}
