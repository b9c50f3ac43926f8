/** The one model of the engine: loaded when first needed, kept while it is the one wanted. */

import { stat } from 'node:fs/promises';
import { isBundledModel } from '../../models/bundled.ts';
import type { ModelMetadata } from '../../models/validate.ts';
import { cancellable } from '../native/cancellation.ts';
import { cpuNotice } from '../native/device.ts';
import { EngineError } from '../core/errors.ts';
import { availableMainMemory, freeBytes, layersThatFit } from '../native/free-memory.ts';
import type { NativeAddon, NativeModel } from '../native/contract.ts';
import type { NativeModelInfo } from '../native/model-info.ts';
import { modelIdentity } from './model-identity.ts';
import type { ModelIdentity } from './model-identity.ts';
import { createFormats } from '../prompt/formats.ts';
import type { Formats } from '../prompt/formats.ts';
import type { StartedRuntime } from '../native/runtime-host.ts';

/** A model of 0.3 B parameters at four bits; larger ones are wrong less often, and sound no surer. */
const verySmallBytes = 256 * 2 ** 20;

/** Bytes besides the weights. */
export interface MemoryNeeds {
  readonly kvBytes: number;
  readonly computeBytes: number;
}

export interface LoadedModel {
  readonly model: NativeModel;
  readonly formats: Formats;
  readonly metadata: ModelMetadata;
  /** The file, as it was when it was loaded. */
  readonly identity: ModelIdentity;
  /** Whether any layer is on a GPU. */
  readonly onGpu: boolean;
  /** Sentences for the user. */
  readonly notices: readonly string[];
}

/** Owns the weights. */
export class ModelHost {
  readonly #addon: NativeAddon;
  #key = '';
  #loaded: LoadedModel | null = null;

  constructor(addon: NativeAddon) {
    this.#addon = addon;
  }

  /** The model if it is loaded already, from the same file on the same device. */
  async current(metadata: ModelMetadata, runtime: StartedRuntime): Promise<LoadedModel | null> {
    return this.#key === (await keyOf(metadata, runtime)) ? this.#loaded : null;
  }

  /**
   * Loads a model in place of the one before.
   * @param needs what a GPU's memory must hold besides the weights.
   * @throws EngineError `out-of-memory`, `model-unsupported`, `cancelled`; what the addon rejects
   *   with.
   */
  async load(
    metadata: ModelMetadata,
    runtime: StartedRuntime,
    needs: MemoryNeeds,
    signal: AbortSignal,
    onProgress: (fraction: number) => void,
  ): Promise<LoadedModel> {
    this.unload();
    const key = await keyOf(metadata, runtime);
    const identity = await modelIdentity(metadata);
    const { gpuLayers, notices } = this.#plan(metadata, runtime, needs);
    const model = await cancellable(this.#addon, signal, (cancellation) =>
      runtime.runtime.loadModel({ path: metadata.path, gpuLayers, cancellation, onProgress }),
    );
    try {
      checkShape(metadata, model.info);
      this.#loaded = {
        model,
        formats: createFormats(model, metadata.nextEdit),
        metadata,
        identity,
        onGpu: gpuLayers !== 0,
        notices,
      };
      this.#key = key;
      return this.#loaded;
    } catch (error) {
      model.dispose();
      throw error;
    }
  }

  /** Bytes of the weights that {@link unload} would give back. */
  get weightBytes(): number {
    return this.#loaded?.metadata.fileBytes ?? 0;
  }

  /** Gives the weights back. Their memory must be disposed of before. */
  unload(): void {
    this.#loaded?.model.dispose();
    this.#loaded = null;
    this.#key = '';
  }

  #plan(
    metadata: ModelMetadata,
    { runtime, choice }: StartedRuntime,
    needs: MemoryNeeds,
  ): { readonly gpuLayers: number; readonly notices: readonly string[] } {
    const notices =
      choice.gpu === 'cpu' && choice.rejected.length > 0 ? [cpuNotice(choice.rejected)] : [];
    const { architecture, known, graphLayers: layers, fileBytes, name } = metadata;
    if (!known) {
      notices.push(
        `Loci does not know the architecture ${architecture}. It checks such a model against llama.cpp before using it.`,
      );
    }
    if (fileBytes < verySmallBytes && !isBundledModel(metadata.path)) {
      notices.push(
        `${name} is a very small model. It often states what is not so: check its answers against the lines below them, or choose a larger model.`,
      );
    }
    if (choice.gpu !== 'cpu') {
      const free = freeBytes(runtime.devices(), true);
      const gpuLayers = layersThatFit(layers, fileBytes, needs.kvBytes, needs.computeBytes, free);
      if (gpuLayers === -1) return { gpuLayers, notices };
      notices.push(
        `Only ${String(gpuLayers)} of ${String(layers)} layers of ${name} fit in the free memory of the GPU. The CPU computes the rest.`,
      );
      if (gpuLayers > 0) return { gpuLayers, notices };
    }
    const free = availableMainMemory();
    if (fileBytes > free) {
      throw new EngineError(
        'out-of-memory',
        `${name} needs ${gibibytes(fileBytes)} of memory, but only ${gibibytes(free)} are free. Choose a smaller model.`,
      );
    }
    return { gpuLayers: 0, notices };
  }
}

/**
 * What is promised about bytes comes from the header; llama.cpp may run more layers than it names.
 * @throws EngineError `model-unsupported`
 */
function checkShape(
  { name, layers, kvHeads, headSize }: ModelMetadata,
  info: NativeModelInfo,
): void {
  if (layers === info.layers && kvHeads === info.kvHeads && headSize === info.headSize) return;
  throw new EngineError(
    'model-unsupported',
    `The layers of ${name} do not match its file. Choose another model.`,
  );
}

/** Tells one state of a file on one device from another. */
async function keyOf(metadata: ModelMetadata, { choice }: StartedRuntime): Promise<string> {
  const { mtimeMs } = await stat(metadata.path);
  return [metadata.path, metadata.fileBytes, mtimeMs, choice.gpu].join('|');
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
