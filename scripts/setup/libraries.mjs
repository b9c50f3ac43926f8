import { Failure } from '../support/failure.mjs';
import { fromRoot } from '../support/paths.mjs';

/** The node-llama-cpp packages whose libraries need no GPU driver, by platform and processor. */
const cpuPackages = new Map([
  ['darwin-arm64', 'mac-arm64-metal'],
  ['darwin-x64', 'mac-x64'],
  ['linux-arm64', 'linux-arm64'],
  ['linux-x64', 'linux-x64'],
  ['win32-arm64', 'win-arm64'],
  ['win32-x64', 'win-x64'],
]);

/**
 * Returns the folder of llama.cpp's prebuilt CPU libraries for this machine.
 * @returns {string}
 * @throws {Failure} if node-llama-cpp has none
 */
export function cpuLibraryDirectory() {
  const platform = `${process.platform}-${process.arch}`;
  const name = cpuPackages.get(platform);
  if (name === undefined) {
    throw new Failure(
      `node-llama-cpp has no prebuilt llama.cpp for ${platform}, which Loci needs.`,
    );
  }
  return libraryDirectory(name);
}

/**
 * Returns the folder of the Vulkan libraries; it exists only if node-llama-cpp has them.
 * @returns {string}
 */
export function vulkanLibraryDirectory() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  return libraryDirectory(`${platform}-${process.arch}-vulkan`);
}

/** @param {string} name */
function libraryDirectory(name) {
  return fromRoot('node_modules', '@node-llama-cpp', name, 'bins', name);
}
