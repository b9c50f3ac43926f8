/** The platforms that a package can be made for, by the names that the editor's registry has for them. */

import { Failure } from '../support/failure.mjs';

/**
 * @typedef {object} Target
 * @property {string} name
 * @property {readonly string[]} builds llama.cpp's prebuilt libraries that go in: those for the
 *   processor, and for Vulkan or Metal; CUDA's are too large
 */

/** @type {Readonly<Record<string, readonly string[]>>} */
const builds = {
  'linux-x64': ['linux-x64', 'linux-x64-vulkan'],
  'linux-arm64': ['linux-arm64'],
  'darwin-x64': ['mac-x64'],
  'darwin-arm64': ['mac-arm64-metal'],
  'win32-x64': ['win-x64', 'win-x64-vulkan'],
  'win32-arm64': ['win-arm64'],
};

/** The platform of this machine. */
export const thisTarget = `${process.platform}-${process.arch}`;

/**
 * @param {string} name such as `linux-x64`
 * @returns {Target}
 * @throws {Failure} where there is no such platform
 */
export function targetOf(name) {
  const found = builds[name];
  if (found === undefined) {
    const known = Object.keys(builds).join(', ');
    throw new Failure(`There is no package for ${name}. Choose ${known}.`);
  }
  return { name, builds: found };
}

/** What the first bytes of an ELF file say: the processor's number is at 18. */
const elf = new Map([
  [0x3e, 'linux-x64'],
  [0xb7, 'linux-arm64'],
]);
const machO = new Map([
  [0x01000007, 'darwin-x64'],
  [0x0100000c, 'darwin-arm64'],
]);
const portable = new Map([
  [0x8664, 'win32-x64'],
  [0xaa64, 'win32-arm64'],
]);

/**
 * The platform that a native module is for.
 * @param {Buffer} file its content
 * @returns {string | undefined} undefined where it is none that a package can be made for
 */
export function targetOfBinary(file) {
  if (file.length < 64) return undefined;
  if (file.readUInt32BE(0) === 0x7f454c46) return elf.get(file.readUInt16LE(18));
  if (file.readUInt32LE(0) === 0xfeedfacf) return machO.get(file.readUInt32LE(4));
  const header = file.readUInt32LE(0x3c);
  const isPortable = file.toString('latin1', 0, 2) === 'MZ' && header + 6 <= file.length;
  if (!isPortable || file.toString('latin1', header, header + 4) !== 'PE\0\0') return undefined;
  return portable.get(file.readUInt16LE(header + 4));
}
