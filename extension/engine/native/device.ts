/** Chooses which of llama.cpp's prebuilt libraries to load, and explains why not the others. */

import type { LibraryCandidate } from '../../models/libraries.ts';
import type { Gpu } from '../../protocol/gpu.ts';
import { EngineError } from '../core/errors.ts';
import type { NativeDevice } from './contract.ts';
import type { Verdict } from './trial-process.ts';

type UsedGpu = Exclude<Gpu, 'auto'>;

export interface DeviceChoice {
  readonly gpu: UsedGpu;
  readonly directory: string;
  /** One clause per rejected candidate, e.g. "Vulkan found no device". */
  readonly rejected: readonly string[];
}

const names: Readonly<Record<UsedGpu, string>> = {
  cpu: 'The CPU',
  cuda: 'CUDA',
  vulkan: 'Vulkan',
  metal: 'Metal',
};

/**
 * One sentence that says why the CPU computes: a device that is broken is named. An absent one is not,
 * nor are libraries that this installation does not have, as a package has none for CUDA.
 */
export function cpuNotice(rejected: readonly string[]): string {
  const broken = rejected.filter(
    (reason) => !reason.endsWith(absent) && !reason.includes(unavailable),
  );
  return broken.length === 0
    ? 'Running on the CPU. No supported GPU was found.'
    : `Running on the CPU. ${broken.join('; ')}.`;
}

const absent = ' found no device';
const unavailable = ' is not available: ';

/** Returns whether a device does not compute on the CPU's cores. */
export function isGpu(device: NativeDevice): boolean {
  return device.kind === 'gpu' || device.kind === 'integrated-gpu';
}

/**
 * Returns the first candidate whose libraries load and find a device; the CPU needs no other
 * device.
 * @param candidates best first.
 * @param probe tries a folder's libraries in another process.
 * @throws EngineError `device-not-found` with all reasons, if none is left.
 */
export async function chooseDevice(
  candidates: readonly LibraryCandidate[],
  probe: (directory: string) => Promise<Verdict<NativeDevice[]>>,
): Promise<DeviceChoice> {
  const rejected: string[] = [];
  for (const candidate of candidates) {
    const name = names[candidate.gpu];
    if (!candidate.available) {
      rejected.push(`${name}${unavailable}${candidate.reason.replace(/\.$/, '')}`);
      continue;
    }
    if (candidate.gpu === 'cpu') {
      return { gpu: 'cpu', directory: candidate.directory, rejected };
    }
    const verdict = await probe(candidate.directory);
    if (!verdict.ok) rejected.push(`${name} cannot be loaded: ${verdict.reason}`);
    else if (!verdict.value.some(isGpu)) rejected.push(`${name}${absent}`);
    else return { gpu: candidate.gpu, directory: candidate.directory, rejected };
  }
  throw new EngineError(
    'device-not-found',
    `The model cannot run here: ${rejected.join('; ') || 'there are no libraries for this machine'}. Choose another device, e.g. the CPU.`,
  );
}
