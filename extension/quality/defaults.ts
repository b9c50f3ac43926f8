/** The defaults of a measurement. */

import type { OpenParameters } from '../protocol/requests/open.ts';
import { defaultPolicy, policyNames } from '../protocol/policies.ts';
import type { PolicyName } from '../protocol/policies.ts';
import type { QuestionForm } from '../protocol/requests/probes.ts';

/** The chosen policy and the baselines to beat, as far as this engine has them. */
export function defaultPolicies(chosen: PolicyName = defaultPolicy): readonly PolicyName[] {
  const baselines: readonly string[] = ['streaming', 'random'];
  const others = policyNames.filter((name) => baselines.includes(name) && name !== chosen);
  return chosen === 'full' ? [defaultPolicy, ...others] : [chosen, ...others];
}

/**
 * Any model continues code, except the bundled one: it is too small, and was trained to answer
 * questions about values and imports.
 */
export function defaultForm({ modelPath }: Pick<OpenParameters, 'modelPath'>): QuestionForm {
  return modelPath === null ? 'words' : 'line';
}
