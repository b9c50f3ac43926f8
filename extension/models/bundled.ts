import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const modelFile = join('extension', 'models', 'bundled', 'loci-tiny-f16.gguf');

/**
 * The path of the model that the extension ships. Searches from this module upwards, so that it
 * works from source and from a bundle in `dist`.
 * @param from a folder of the installed extension
 * @throws Error if the model is missing from the installation
 */
export function bundledModelPath(from: string = dirname(fileURLToPath(import.meta.url))): string {
  let directory = from;
  for (;;) {
    const path = join(directory, modelFile);
    if (existsSync(path)) {
      return path;
    }
    const parent = dirname(directory);
    if (parent === directory) {
      throw new Error('The bundled model is missing. Reinstall the extension.');
    }
    directory = parent;
  }
}

/** Whether a path is that of the bundled model. */
export function isBundledModel(path: string): boolean {
  return resolve(path) === resolve(bundledModelPath());
}
