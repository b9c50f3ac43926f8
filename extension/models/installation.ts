/** Where this Loci is installed: a checkout, or an installed package of the same layout. */

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The extension's own folder: the nearest one with a manifest, from this module's place upwards. It
 * is the same from source and from a bundle in `dist`.
 * @param from a folder of the installation
 * @returns null where no folder above has a manifest
 */
export function installationFolder(
  from: string = dirname(fileURLToPath(import.meta.url)),
): string | null {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (folder === dirname(folder)) return null;
  }
}

/**
 * What a user does about a missing or foreign part, as a sentence: only a checkout builds its parts.
 * @param folder the installation
 */
export function repairAdvice(folder: string | null = installationFolder()): string {
  const isCheckout = folder !== null && existsSync(join(folder, 'scripts', 'setup.mjs'));
  return isCheckout ? 'Run "npm run setup".' : 'Reinstall the extension.';
}
