import { access } from 'node:fs/promises';
import { run } from '../support/commands.mjs';
import { Failure } from '../support/failure.mjs';
import { readProperty } from '../support/json.mjs';
import { fromRoot } from '../support/paths.mjs';

/** node-llama-cpp's packages whose libraries need no GPU driver, by platform and processor. */
const cpuPackages = new Map([
  ['darwin-arm64', 'mac-arm64-metal'],
  ['darwin-x64', 'mac-x64'],
  ['linux-arm64', 'linux-arm64'],
  ['linux-x64', 'linux-x64'],
  ['win32-arm64', 'win-arm64'],
  ['win32-x64', 'win-x64'],
]);

/**
 * The folder of llama.cpp's prebuilt libraries for this machine without a GPU.
 * @returns {string}
 * @throws {Failure} where node-llama-cpp has none
 */
export function cpuLibraryDirectory() {
  const name = cpuPackageName();
  return fromRoot('node_modules', '@node-llama-cpp', name, 'bins', name);
}

/**
 * Makes sure that llama.cpp's libraries are there: they are optional packages, which npm leaves
 * out without a word where the lock file was written on another platform.
 * @param {(text: string) => void} report
 */
export async function installLibraries(report) {
  try {
    await access(cpuLibraryDirectory());
    return;
  } catch {
    report(`installing llama.cpp's libraries for ${process.platform}-${process.arch}`);
  }
  const version = await readProperty(
    fromRoot('node_modules', 'node-llama-cpp', 'package.json'),
    'version',
  );
  const wanted = `@node-llama-cpp/${cpuPackageName()}@${version}`;
  await run(
    'npm',
    ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', wanted],
    {
      failure: `npm could not install ${wanted}, llama.cpp's libraries for this machine.`,
    },
  );
}

function cpuPackageName() {
  const platform = `${process.platform}-${process.arch}`;
  const name = cpuPackages.get(platform);
  if (name === undefined) {
    throw new Failure(
      `node-llama-cpp has no prebuilt llama.cpp for ${platform}, which Loci needs.`,
    );
  }
  return name;
}
