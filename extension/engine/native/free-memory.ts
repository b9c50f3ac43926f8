/** The memory available for weights, keys and values. */

import { freemem } from 'node:os';
import { isGpu } from './device.ts';
import type { NativeDevice } from './contract.ts';

/** The share kept free on every device for buffers that are not estimated. */
const reserve = 0.05;

/**
 * Returns the bytes of main memory that this process may still use, within a container's limits.
 */
export function availableMainMemory(): number {
  // Node 20.13 and later know the limits of containers.
  const known = 'availableMemory' in process ? process.availableMemory() : 0;
  return known > 0 ? known : freemem();
}

/** Returns the bytes free for weights, keys and values on the computing devices. */
export function freeBytes(devices: readonly NativeDevice[], onGpu: boolean): number {
  const free = onGpu
    ? devices.filter(isGpu).reduce((sum, device) => sum + device.freeBytes, 0)
    : availableMainMemory();
  return Math.floor(free * (1 - reserve));
}

/**
 * Returns how many layers fit the GPU's free memory with their keys and values.
 * @param computeBytes what the GPU needs in addition to layers.
 * @returns -1 for all of them and the output.
 */
export function layersThatFit(
  layers: number,
  weightBytes: number,
  kvBytes: number,
  computeBytes: number,
  free: number,
): number {
  const room = free - computeBytes;
  if (weightBytes + kvBytes <= room) return -1;
  // The embeddings and the output are about as large as one more layer.
  const perLayer = weightBytes / (layers + 1) + kvBytes / layers;
  return Math.max(0, Math.min(layers, Math.floor(room / perLayer)));
}

/** The input of an estimate. */
export interface ComputeShape {
  readonly embedding: number;
  readonly vocabulary: number;
  /** Of one state of its recurrent layers. */
  readonly stateBytes: number;
}

/**
 * One recurrent state for the memory, one for the current step, and one for each of three tails.
 */
const recurrentStates = 5;

/**
 * Estimates the bytes for everything except weights, keys and values while a chunk is computed:
 * activations, masks, logits, recurrent states and the libraries themselves. An empirical upper
 * bound, not a guarantee.
 */
export function computeBytes(shape: ComputeShape, chunkTokens: number, heldTokens: number): number {
  const float = 4;
  const libraries = 128 * 2 ** 20;
  const activations = 16 * shape.embedding * chunkTokens * float;
  const masks = 2 * chunkTokens * (heldTokens + chunkTokens) * float;
  const states = recurrentStates * shape.stateBytes;
  return libraries + activations + masks + states + shape.vocabulary * chunkTokens * float;
}
