/** A plan as a VSIX file. */

import { copyFile, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../support/failure.mjs';
import { fromRoot } from '../support/paths.mjs';

/** @typedef {import('./plan.mjs').PackagePlan} PackagePlan */

/** The largest package that is passed on, in bytes. Open VSX takes 256 MB. */
export const largestBytes = 64_000_000;

/**
 * Writes the package of a plan. An earlier one stays until this one is complete.
 * @param {PackagePlan} plan
 * @returns {Promise<{ file: string, bytes: number }>}
 * @throws {Failure} where it is larger than a package may be
 */
export async function writePackage(plan) {
  const file = fromRoot('build', `loci-${plan.target}-${plan.version}.vsix`);
  const partial = `${file}.partial`;
  const folder = fromRoot('build', 'package', plan.target);
  await rm(folder, { recursive: true, force: true });
  try {
    await lay(plan, folder);
    await pack(folder, plan.target, partial);
    const { size: bytes } = await stat(partial);
    if (bytes > largestBytes) {
      throw new Failure(
        `The package is ${megabytes(bytes)}, but may be ${megabytes(largestBytes)} at most.`,
      );
    }
    await rename(partial, file);
    return { file, bytes };
  } finally {
    await rm(folder, { recursive: true, force: true });
    await rm(partial, { force: true });
  }
}

/** @param {number} bytes */
export function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/**
 * @param {PackagePlan} plan
 * @param {string} folder
 */
async function lay({ files }, folder) {
  for (const { path: name, contents, from } of files) {
    const target = path.join(folder, name);
    await mkdir(path.dirname(target), { recursive: true });
    if (from !== undefined) await copyFile(from, target);
    else await writeFile(target, contents ?? '');
  }
  // The plan has decided already.
  await writeFile(path.join(folder, '.vscodeignore'), '');
}

/**
 * @param {string} folder
 * @param {string} target
 * @param {string} file
 */
async function pack(folder, target, file) {
  const { createVSIX } = await import('@vscode/vsce');
  // The same files give the same package.
  process.env['SOURCE_DATE_EPOCH'] ??= '946684800';
  await createVSIX({
    cwd: folder,
    target,
    packagePath: file,
    dependencies: false,
    // There is no repository that relative links could lead to.
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
    // Looking for secrets in 100 MB of libraries takes minutes; the plan names every file.
    allowPackageAllSecrets: true,
    allowPackageEnvFile: true,
  });
}
