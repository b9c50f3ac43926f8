import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { libraryCandidates } from './libraries.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loci-libraries-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function install(build: string, library: string): Promise<string> {
  const directory = join(folder, 'node_modules', '@node-llama-cpp', build, 'bins', build);
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, library), '');
  return directory;
}

describe('for auto', () => {
  it('all of a platform’s builds are named in order, with reasons for those that are missing', async () => {
    const vulkan = await install('linux-x64-vulkan', 'libllama.vulkan.v0.5.0.so');
    const cpu = await install('linux-x64', 'libllama.v0.5.0.so');
    const found = await libraryCandidates('auto', {
      platform: 'linux',
      arch: 'x64',
      folder,
    });
    expect(found).toEqual([
      {
        gpu: 'cuda',
        available: false,
        reason: "This installation does not contain llama.cpp's build linux-x64-cuda.",
      },
      { gpu: 'vulkan', available: true, directory: vulkan },
      { gpu: 'cpu', available: true, directory: cpu },
    ]);
  });

  it('Apple’s processors have one build for Metal and the CPU', async () => {
    const directory = await install('mac-arm64-metal', 'libllama.metal.v0.5.0.dylib');
    const found = await libraryCandidates('auto', {
      platform: 'darwin',
      arch: 'arm64',
      folder,
    });
    expect(found).toEqual([
      { gpu: 'metal', available: true, directory },
      { gpu: 'cpu', available: true, directory },
    ]);
  });

  it('Windows has DLLs', async () => {
    const directory = await install('win-x64-cuda', 'llama.cuda.v0.5.0.dll');
    const [cuda] = await libraryCandidates('auto', {
      platform: 'win32',
      arch: 'x64',
      folder,
    });
    expect(cuda).toEqual({ gpu: 'cuda', available: true, directory });
  });

  it('a platform without builds says so', async () => {
    expect(await libraryCandidates('auto', { platform: 'freebsd', arch: 'x64', folder })).toEqual([
      {
        gpu: 'cpu',
        available: false,
        reason: 'There is no cpu build of llama.cpp for freebsd-x64.',
      },
    ]);
  });
});

describe('for one device', () => {
  it('nothing else is offered', async () => {
    await install('linux-x64', 'libllama.v0.5.0.so');
    const options = { platform: 'linux', arch: 'x64', folder } as const;
    expect(await libraryCandidates('metal', options)).toMatchObject([{ available: false }]);
    expect(await libraryCandidates('cuda', options)).toMatchObject([{ available: false }]);
    expect(await libraryCandidates('cpu', options)).toMatchObject([{ available: true }]);
  });

  it('a package carries them in a folder of its own', async () => {
    const directory = join(folder, 'libraries', 'linux-x64');
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, 'libllama.v0.5.0.so'), '');
    const options = { platform: 'linux', arch: 'x64', folder } as const;
    expect(await libraryCandidates('cpu', options)).toEqual([
      { gpu: 'cpu', available: true, directory },
    ]);
    expect(await libraryCandidates('cpu', { ...options, folder: null })).toMatchObject([
      { available: false },
    ]);
  });

  it('those of folders around the installation are not taken', async () => {
    await install('linux-x64', 'libllama.v0.5.0.so');
    const inner = join(folder, 'inner');
    await mkdir(inner);
    const options = { platform: 'linux', arch: 'x64', folder: inner } as const;
    expect(await libraryCandidates('cpu', options)).toMatchObject([{ available: false }]);
  });

  it('a folder without the library is not taken for an installation', async () => {
    await install('linux-x64', 'libllama-common.so');
    const options = { platform: 'linux', arch: 'x64', folder } as const;
    expect(await libraryCandidates('cpu', options)).toMatchObject([{ available: false }]);
  });
});

it('the installed libraries of this machine are found', async () => {
  const [cpu] = await libraryCandidates('cpu');
  expect(cpu?.available).toBe(true);
  if (cpu?.available === true) {
    expect((await readdir(cpu.directory)).some((name) => name.includes('ggml-base'))).toBe(true);
  }
});
