import { access, readFile } from 'node:fs/promises';
import { run } from '../support/commands.mjs';
import { Failure } from '../support/failure.mjs';
import { fromRoot } from '../support/paths.mjs';
import { cpuLibraryDirectory } from './libraries.mjs';

/**
 * @typedef {{ version?: string, integrity?: string, link?: boolean, optional?: boolean,
 *   os?: string[], cpu?: string[], libc?: string[], dependencies?: Record<string, string>,
 *   optionalDependencies?: Record<string, string>, peerDependencies?: Record<string, string> }} LockedPackage
 * @typedef {Record<string, LockedPackage>} LockedPackages
 */

/**
 * Installs the npm packages unless they match package-lock.json already. Runs no install scripts.
 * @param {(text: string) => void} report
 * @returns {Promise<void>}
 */
export async function installDependencies(report) {
  const missing = missingPackages(
    await lockedPackages(fromRoot('package-lock.json')),
    await lockedPackages(fromRoot('node_modules', '.package-lock.json')),
  );
  if (missing.length === 0) return;
  report('installing npm packages');
  // Not `npm ci`: it refuses a lock file that lacks another platform's optional packages, for
  // example one written against a registry with only some of them. This follows the lock file as
  // strictly, never changes it, and adds this platform's packages.
  await run('npm', ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'], {
    failure:
      'npm could not install the packages of package-lock.json; is the npm registry reachable?',
  });
  await requireLibraries();
}

/**
 * Finds the locked packages that are not installed in the locked version, except optional ones for
 * other platforms.
 * @param {LockedPackages} locked
 * @param {LockedPackages} installed
 * @returns {string[]} their folders
 */
export function missingPackages(locked, installed) {
  const unneeded = unneededPackages(locked, installed);
  return Object.entries(locked)
    .filter(([folder, wanted]) => {
      if (folder === '' || wanted.link === true) return false;
      const found = installed[folder];
      if (found === undefined) return !unneeded.has(folder);
      return found.version !== wanted.version || found.integrity !== wanted.integrity;
    })
    .map(([folder]) => folder);
}

/**
 * The optional packages that npm leaves out here: those for other platforms, and what only such
 * packages ask for.
 * @param {LockedPackages} locked
 * @param {LockedPackages} installed
 * @returns {Set<string>} their folders
 */
function unneededPackages(locked, installed) {
  const absent = Object.entries(locked).filter(
    ([folder, wanted]) => wanted.optional === true && installed[folder] === undefined,
  );
  const unneeded = new Set(
    absent.filter(([, wanted]) => isForOtherPlatform(wanted)).map(([folder]) => folder),
  );
  for (let before = -1; before < unneeded.size;) {
    before = unneeded.size;
    for (const [folder] of absent) {
      const name = folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
      const askers = Object.entries(locked).filter(([, asker]) => asksFor(asker, name));
      if (askers.length > 0 && askers.every(([asker]) => unneeded.has(asker))) unneeded.add(folder);
    }
  }
  return unneeded;
}

/**
 * @param {LockedPackage} asker
 * @param {string} name
 */
function asksFor({ dependencies, optionalDependencies, peerDependencies }, name) {
  return [dependencies, optionalDependencies, peerDependencies].some(
    (names) => names !== undefined && Object.hasOwn(names, name),
  );
}

/** @param {LockedPackage} wanted */
function isForOtherPlatform({ os, cpu, libc }) {
  return (
    (os !== undefined && !os.includes(process.platform)) ||
    (cpu !== undefined && !cpu.includes(process.arch)) ||
    // npm knows which C library this is; a package for one of them may rightly be absent.
    libc !== undefined
  );
}

/**
 * @param {string} file
 * @returns {Promise<LockedPackages>} empty if the file is missing or is not a lock file
 */
async function lockedPackages(file) {
  try {
    /** @type {unknown} */
    const content = JSON.parse(await readFile(file, 'utf8'));
    if (typeof content !== 'object' || content === null || !('packages' in content)) return {};
    return /** @type {LockedPackages} */ (content.packages);
  } catch {
    return {};
  }
}

/** Checks llama.cpp's libraries: optional packages, which npm omits silently. */
async function requireLibraries() {
  const directory = cpuLibraryDirectory();
  try {
    await access(directory);
  } catch {
    throw new Failure(`npm did not install llama.cpp's libraries for this machine (${directory}).`);
  }
}
