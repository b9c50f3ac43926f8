import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { installationFolder } from './installation.ts';

const modelFile = join('extension', 'models', 'bundled', 'loci-tiny-f16.gguf');

/**
 * The path of the model that the extension ships.
 * @param folder the installation folder
 * @throws Error if the model is missing from the installation
 */
export function bundledModelPath(folder: string | null = installationFolder()): string {
  const path = folder === null ? null : join(folder, modelFile);
  if (path === null || !existsSync(path)) {
    throw new Error('The bundled model is missing. Reinstall the extension.');
  }
  return path;
}

/** Whether a path is that of the bundled model. */
export function isBundledModel(path: string): boolean {
  return resolve(path) === resolve(bundledModelPath());
}
