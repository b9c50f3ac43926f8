/** The addon and the bundled model on the processor, without the engine around them. */
import { loadAddon } from '../../../extension/engine/native/addon.ts';
import { cacheDirectory } from '../../../extension/engine/native/cache-directory.ts';
import type { NativeAddon, NativeModel } from '../../../extension/engine/native/contract.ts';
import { bundledModelPath } from '../../../extension/models/bundled.ts';
import { libraryCandidates } from '../../../extension/models/libraries.ts';

/** Loads both; the caller disposes of the model. */
export function loadBundledModel(): Promise<{ addon: NativeAddon; model: NativeModel }> {
  return loadModel(bundledModelPath());
}

/** Loads the addon and a model; the caller disposes of the model. */
export async function loadModel(path: string): Promise<{ addon: NativeAddon; model: NativeModel }> {
  const { addon } = await loadAddon(cacheDirectory());
  const [library] = await libraryCandidates('cpu');
  if (library?.available !== true) throw new Error('The CPU libraries are not installed.');
  const runtime = addon.loadRuntime({
    libraryDirectory: library.directory,
    onLog: () => undefined,
  });
  const model = await runtime.loadModel({
    path,
    gpuLayers: 0,
    cancellation: addon.createCancellation(),
  });
  return { addon, model };
}
