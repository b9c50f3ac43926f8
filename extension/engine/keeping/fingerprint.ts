/** What a kept memory must agree with before it is used. */

import { sumOfFile } from '../model/model-identity.ts';
import type { ModelIdentity } from '../model/model-identity.ts';
import type { LoadedAddon } from '../native/addon.ts';
import type { StartedRuntime } from '../native/runtime-host.ts';
import type { Plan } from '../reading/opening.ts';
import { policyOf } from '../reading/opening.ts';
import type { Finding } from './unusable.ts';
import type { KeptFingerprint } from './manifest.ts';

/**
 * What a plan's memory depends on, but for its budget: that is compared by the tokens it comes to.
 * @throws what the file system rejects with
 */
export async function fingerprintOf(
  plan: Plan,
  engine: Pick<LoadedAddon, 'path'>,
  { runtime }: StartedRuntime,
  model: ModelIdentity,
): Promise<KeptFingerprint> {
  const { parameters } = plan;
  const { gpu, kvType } = parameters;
  const { workingTokens = null, observedQuestion = null, encodings = [] } = parameters;
  return {
    engine: await sumOfFile(engine.path),
    libraries: runtime.version,
    model,
    roots: [...plan.roots],
    gpu,
    policy: policyOf(plan),
    kvType,
    workingTokens,
    observedQuestion,
    encodings,
  };
}

/** Which field decides for which finding, the most telling first. */
const compared: readonly (readonly [Finding, (of: KeptFingerprint) => unknown])[] = [
  ['version', ({ engine, libraries }) => [engine, libraries]],
  ['folders', ({ roots }) => roots],
  ['model', ({ model }) => [model.bytes, model.modifiedMs, model.header]],
  ['device', ({ gpu }) => gpu],
  ['question', ({ observedQuestion }) => observedQuestion],
  ['policy', ({ policy }) => [policy.name, sorted(policy.parameters)]],
  ['kvType', ({ kvType }) => kvType],
  ['working', ({ workingTokens }) => workingTokens],
  ['encodings', ({ encodings }) => encodings.map((one) => sorted(one))],
];

/** What is another in what was kept than is wanted; null where nothing is. */
export function differenceOf(kept: KeptFingerprint, wanted: KeptFingerprint): Finding | null {
  const differs = compared.find(
    ([, of]) => JSON.stringify(of(kept)) !== JSON.stringify(of(wanted)),
  );
  return differs?.[0] ?? null;
}

function sorted(record: object): [string, unknown][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}
