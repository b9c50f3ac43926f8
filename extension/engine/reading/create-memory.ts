/** Making a memory: what a policy looks through, and what it must know of the model. */

import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { KvType, PolicyParameters } from '../../protocol/policies.ts';
import { cancellable } from '../native/cancellation.ts';
import { toEngineError } from '../core/errors.ts';
import { layerProfile } from './profile/layer-profile.ts';
import type { MeasuringProgress } from './profile/step-progress.ts';
import type { LoadedModel } from '../model/model-host.ts';
import type { NativeAddon, NativeMemory } from '../native/contract.ts';
import { tailRows } from '../memory/working-set.ts';
import type { WorkingSet } from '../memory/working-set.ts';
import { repeatPrompt } from '../prompt/observation-text.ts';

export interface MemoryRequest {
  readonly addon: Pick<NativeAddon, 'createCancellation' | 'policyProfile'>;
  readonly loaded: Pick<LoadedModel, 'model' | 'formats' | 'metadata'>;
  readonly policy: { readonly name: string; readonly parameters: PolicyParameters };
  readonly kvType: KvType;
  readonly budgetTokens: number;
  readonly chunkTokens: number;
  readonly working: WorkingSet;
  /** The exact length of the stream; null where it was not counted. */
  readonly streamTokens: number | null;
  /** The text through which policies with `rows=probe` look; the fixed one without a question. */
  readonly probe: Int32Array;
  /** A folder for what is measured once per model. */
  readonly directory: string | null;
  /** Hears how far measuring the model is, where that is to be done. */
  readonly onMeasuring?: (progress: MeasuringProgress) => void;
  /** Awaited between the steps of measuring: what is more urgent goes first. */
  readonly between?: () => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Refuses a policy that the addon would refuse, before anything is given up for it.
 * @throws EngineError `invalid-argument` with the valid names or values
 */
export function checkPolicy(
  addon: Pick<NativeAddon, 'policyProfile'>,
  policy: MemoryRequest['policy'],
): void {
  try {
    addon.policyProfile(policy);
  } catch (error) {
    throw toEngineError(error);
  }
}

/**
 * Creates a memory. The first time that a policy needs to know how much each layer of the model
 * needs (of a ragged memory each head), that is measured before.
 * @throws EngineError `cancelled`; what the addon throws or rejects with.
 */
export async function createMemory(request: MemoryRequest): Promise<NativeMemory> {
  const { addon, loaded, policy, signal } = request;
  const { model, formats, metadata } = loaded;
  // How many of them compute changes with what else the machine does.
  const threads = availableParallelism();
  const directory = request.directory === null ? null : join(request.directory, 'models');
  const kind = addon.policyProfile(policy);
  const profile =
    kind === 'none'
      ? null
      : await layerProfile({
          kind,
          addon,
          model,
          formats,
          metadata,
          threads,
          heads: policy.parameters['layout'] === 'ragged',
          directory,
          roomTokens: request.budgetTokens + request.working.rows,
          onProgress: request.onMeasuring,
          between: request.between,
          signal,
        });
  return cancellable(addon, signal, (cancellation) =>
    model.createMemory({
      budgetTokens: request.budgetTokens,
      chunkTokens: request.chunkTokens,
      tails: tailRows(request.working),
      policy,
      kvType: request.kvType,
      probe: request.probe,
      repeatPrompt: repeatPrompt(formats.chat),
      ...(profile === null ? {} : { layerProfile: profile }),
      ...(request.streamTokens === null ? {} : { streamTokens: request.streamTokens }),
      threads,
      cacheDirectory: directory,
      cancellation,
    }),
  );
}
