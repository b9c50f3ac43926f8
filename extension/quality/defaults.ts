/** What is measured by default. */

import type { OpenParameters } from '../protocol/requests/open.ts';
import { defaultPolicy, policyNames } from '../protocol/policies.ts';
import type { PolicyName } from '../protocol/policies.ts';
import type { QuestionForm } from '../protocol/requests/probes.ts';

/** The policy of choice and what it has to beat; those that this engine has. */
export function defaultPolicies(chosen: PolicyName = defaultPolicy): readonly PolicyName[] {
  const baselines: readonly string[] = ['streaming', 'random'];
  const others = policyNames.filter((name) => baselines.includes(name) && name !== chosen);
  return chosen === 'full' ? [defaultPolicy, ...others] : [chosen, ...others];
}

/**
 * Any model continues code, but the bundled one, which is too small for that: it was taught to
 * answer questions about values and imports.
 */
export function defaultForm({ modelPath }: Pick<OpenParameters, 'modelPath'>): QuestionForm {
  return modelPath === null ? 'words' : 'line';
}
