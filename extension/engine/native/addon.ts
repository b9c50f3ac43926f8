/** The only place that loads the native addon. */

import { createHash } from 'node:crypto';
import { access, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { installationFolder, repairAdvice } from '../../models/installation.ts';
import { makeDirectory } from './cache-directory.ts';
import { EngineError } from '../core/errors.ts';
import type { NativeAddon } from './contract.ts';
import { probeAddon } from './trial-process.ts';

/** The addon and its file (for a process that tries something first). */
export interface LoadedAddon {
  readonly addon: NativeAddon;
  readonly path: string;
}

/**
 * Finds, tries and loads the addon. It is tried in a separate process once per build of the addon
 * and version of Node; only success is cached, so that a repaired installation works at once.
 * @param cacheDirectory where the result is cached; null: nowhere.
 * @throws EngineError `addon-not-found`, `addon-broken`
 */
export async function loadAddon(cacheDirectory: string | null): Promise<LoadedAddon> {
  const path = await findAddon();
  await ensureLoadable(path, cacheDirectory);
  const loaded: unknown = createRequire(import.meta.url)(path);
  if (!isNativeAddon(loaded)) {
    throw new EngineError(
      'addon-broken',
      `The native engine at ${path} is of another version. ${repairAdvice()}`,
    );
  }
  return { addon: loaded, path };
}

/**
 * The addon of an installation: a package has it where the set-up builds it.
 * @throws EngineError `addon-not-found`
 */
export async function findAddon(folder: string | null = installationFolder()): Promise<string> {
  const path = join(folder ?? '', 'build', 'native', 'loci.node');
  try {
    await access(path);
    return path;
  } catch {
    throw new EngineError(
      'addon-not-found',
      `The native engine is missing (${path}). ${repairAdvice(folder)}`,
    );
  }
}

/**
 * Tries the addon in another process, unless exactly this file has passed before.
 * @throws EngineError `addon-broken`
 */
export async function ensureLoadable(path: string, cacheDirectory: string | null): Promise<void> {
  const digest = createHash('sha256')
    .update(await readFile(path))
    .update(`${process.version} ${process.versions.modules} ${process.platform} ${process.arch}`)
    .digest('hex');
  const passed =
    cacheDirectory === null ? null : join(cacheDirectory, 'addon', digest.slice(0, 32));
  try {
    if (passed !== null) {
      await access(passed);
      return;
    }
  } catch {
    // Not tried yet.
  }
  const verdict = await probeAddon(path);
  if (!verdict.ok) {
    throw new EngineError(
      'addon-broken',
      `The native engine at ${path} cannot be loaded: ${verdict.reason}.`,
      { cause: new Error(verdict.detail) },
    );
  }
  if (passed === null) return;
  try {
    await makeDirectory(dirname(passed));
    await writeFile(passed, '');
  } catch {
    // Without a cache folder, the addon is only tried again next time.
  }
}

function isNativeAddon(value: unknown): value is NativeAddon {
  return (
    typeof value === 'object' &&
    value !== null &&
    'headersVersion' in value &&
    typeof value.headersVersion === 'string' &&
    'loadRuntime' in value &&
    typeof value.loadRuntime === 'function' &&
    'createCancellation' in value &&
    typeof value.createCancellation === 'function'
  );
}
