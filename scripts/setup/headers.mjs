import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../support/failure.mjs';
import { findProgram, run } from '../support/commands.mjs';
import { readProperty } from '../support/json.mjs';
import { cacheDirectory, fromRoot } from '../support/paths.mjs';

/**
 * @typedef {object} LlamaHeaders
 * @property {string} directory llama.cpp's source folder, of which only the headers are kept
 * @property {string} version the version that its libraries report, for example 0.5.0
 * @property {string} tag the release that node-llama-cpp's libraries were built from
 */

/** The only folders of llama.cpp that the addon includes. */
const headerFolders = ['include', 'ggml/include'];

/**
 * Unpacks llama.cpp's headers from the source bundle that node-llama-cpp ships, once per release.
 * @param {(text: string) => void} report
 * @returns {Promise<LlamaHeaders>}
 * @throws {Failure}
 */
export async function unpackHeaders(report) {
  const release = await readReleaseInfo();
  const directory = path.join(cacheDirectory, 'llama.cpp', release.tag);
  const stamp = path.join(directory, 'loci-headers.json');
  const known = await readHeaders(stamp);
  if (known?.release === release.name)
    return { directory, version: known.version, tag: release.tag };

  report(`unpacking the headers of llama.cpp ${release.tag}`);
  if ((await findProgram('git')) === null) {
    throw new Failure('git is missing: install it to unpack the headers of llama.cpp.');
  }
  const partial = `${directory}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(path.dirname(partial), { recursive: true });
  const failure = "node-llama-cpp's bundle of the llama.cpp source could not be unpacked by git.";
  const bundle = fromRoot('node_modules', 'node-llama-cpp', 'llama', 'gitRelease.bundle');
  await run('git', ['clone', '--quiet', '--no-checkout', bundle, partial], { failure });
  await run(
    'git',
    ['-C', partial, 'checkout', '--quiet', 'HEAD', '--', 'CMakeLists.txt', ...headerFolders],
    { failure },
  );
  const version = parseVersion(await readFile(path.join(partial, 'CMakeLists.txt'), 'utf8'));
  await rm(path.join(partial, '.git'), { recursive: true, force: true });
  await writeFile(
    path.join(partial, path.basename(stamp)),
    JSON.stringify({ release: release.name, version }),
  );
  await rm(directory, { recursive: true, force: true });
  await rename(partial, directory);
  return { directory, version, tag: release.tag };
}

/**
 * Reads the library version from llama.cpp's own CMakeLists.txt.
 * @param {string} cmakeLists
 * @returns {string}
 * @throws {Failure}
 */
export function parseVersion(cmakeLists) {
  const parts = ['MAJOR', 'MINOR', 'PATCH'].map(
    (part) => new RegExp(`set\\(LLAMA_VERSION_${part}\\s+(\\d+)\\)`).exec(cmakeLists)?.[1],
  );
  if (parts.includes(undefined)) {
    throw new Failure(
      "llama.cpp's CMakeLists.txt states no version that could be checked at run time.",
    );
  }
  return parts.join('.');
}

/** @returns {Promise<{ tag: string, name: string }>} */
async function readReleaseInfo() {
  const folder = fromRoot('node_modules', 'node-llama-cpp');
  const tag = await readProperty(path.join(folder, 'llama', 'llama.cpp.info.json'), 'tag');
  const version = await readProperty(path.join(folder, 'package.json'), 'version');
  return { tag, name: `${tag} of node-llama-cpp ${version}` };
}

/**
 * @param {string} stamp
 * @returns {Promise<{ release: string, version: string } | null>}
 */
async function readHeaders(stamp) {
  try {
    return {
      release: await readProperty(stamp, 'release'),
      version: await readProperty(stamp, 'version'),
    };
  } catch {
    return null;
  }
}
