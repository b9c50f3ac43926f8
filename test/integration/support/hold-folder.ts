/** A memory of a folder, without the session around it. */

import type { Repository } from '../../../extension/engine/memory/repository.ts';
import type { PolicyName } from '../../../extension/protocol/policies.ts';
import { walkRepository } from '../../../extension/repository/files/walk.ts';
import type { BenchModel } from '../../quality/bench/model.ts';
import { never } from './engine.ts';

/** Reads a folder with a model. @param tokens the budget */
export async function holdFolder(
  bench: BenchModel,
  root: string,
  { policy, tokens = 256 }: { readonly policy: PolicyName; readonly tokens?: number },
): Promise<Repository> {
  const { repository } = await bench.hold(
    { roots: [root], listing: await walkRepository([root], {}) },
    {
      budget: { unit: 'tokens', value: tokens },
      policy: { name: policy, parameters: {} },
      kvType: 'f16',
      bytesOf: 'f16',
      mode: 'streaming',
    },
    never,
    () => undefined,
  );
  return repository;
}
