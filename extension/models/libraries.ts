import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Gpu } from '../protocol/gpu.ts';
import { installationFolder } from './installation.ts';

type Device = Exclude<Gpu, 'auto'>;

/** A folder that holds llama.cpp's prebuilt libraries, or the reason why there is none. */
export type LibraryCandidate =
  | { readonly gpu: Device; readonly available: true; readonly directory: string }
  /** The reason is one sentence for the user. */
  | { readonly gpu: Device; readonly available: false; readonly reason: string };

export interface LibraryOptions {
  readonly platform?: NodeJS.Platform;
  readonly arch?: string;
  /** The installation; no other folder is searched. */
  readonly folder?: string | null;
}

const platformNames: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'linux',
  darwin: 'mac',
  win32: 'win',
};
const archNames: Readonly<Record<string, string>> = { arm: 'armv7l' };

/** The packages that node-llama-cpp publishes, by name after its scope. */
const builds: Readonly<Record<string, readonly Device[]>> = {
  'linux-x64': ['cuda', 'vulkan', 'cpu'],
  'linux-arm64': ['cpu'],
  'linux-armv7l': ['cpu'],
  'linux-riscv64': ['cpu'],
  // The build for Apple silicon includes the CPU.
  'mac-arm64': ['metal', 'cpu'],
  'mac-x64': ['cpu'],
  'win-x64': ['cuda', 'vulkan', 'cpu'],
  'win-arm64': ['cpu'],
};

const libraryName = /^(?:lib)?llama(?:\.[a-z]+)?\.v[\d.]+\.(?:so|dylib|dll)$/;

/** Where an installation may have a build: as a package carries it, and as npm installs it. */
function placesOf(build: string, folder: string): string[] {
  return [
    join(folder, 'libraries', build),
    join(folder, 'node_modules', '@node-llama-cpp', build, 'bins', build),
  ];
}

function buildName(target: string, gpu: Device): string {
  return gpu === 'cpu' && target !== 'mac-arm64'
    ? target
    : `${target}-${gpu === 'cpu' ? 'metal' : gpu}`;
}

async function holdsLibrary(directory: string): Promise<boolean> {
  try {
    return (await readdir(directory)).some((name) => libraryName.test(name));
  } catch {
    return false;
  }
}

async function findBuild(
  gpu: Device,
  target: string,
  folder: string | null,
): Promise<LibraryCandidate> {
  const build = buildName(target, gpu);
  for (const directory of folder === null ? [] : placesOf(build, folder)) {
    if (await holdsLibrary(directory)) {
      return { gpu, available: true, directory };
    }
  }
  const reason = `This installation does not contain llama.cpp's build ${build}.`;
  return { gpu, available: false, reason };
}

/**
 * The folders with a device's libraries, best first: for `auto`, CUDA, Vulkan, Metal and the CPU as
 * far as this platform has them; otherwise the requested device. An available folder exists and
 * holds libllama; only loading shows whether its driver works.
 */
export async function libraryCandidates(
  gpu: Gpu,
  options: LibraryOptions = {},
): Promise<LibraryCandidate[]> {
  const platform = options.platform ?? process.platform;
  const arch = options.arch ?? process.arch;
  const target = `${platformNames[platform] ?? platform}-${archNames[arch] ?? arch}`;
  const built = builds[target] ?? [];
  const folder = options.folder === undefined ? installationFolder() : options.folder;
  const wanted: readonly Device[] = gpu === 'auto' ? ['cuda', 'vulkan', 'metal', 'cpu'] : [gpu];
  const candidates: LibraryCandidate[] = [];
  for (const device of wanted) {
    if (built.includes(device)) {
      candidates.push(await findBuild(device, target, folder));
    } else if (gpu !== 'auto' || device === 'cpu') {
      const reason = `There is no ${device} build of llama.cpp for ${target}.`;
      candidates.push({ gpu: device, available: false, reason });
    }
  }
  return candidates;
}
