import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Failure } from '../support/failure.mjs';
import { findProgram, run } from '../support/commands.mjs';
import { fromRoot } from '../support/paths.mjs';
import { cpuLibraryDirectory, vulkanLibraryDirectory } from './libraries.mjs';

/**
 * @typedef {object} NativeBuild
 * @property {string} directory
 * @property {'Release' | 'RelWithDebInfo'} type
 * @property {readonly string[]} [definitions] additional `-D` arguments
 */

/**
 * Builds native-kernels into a directory. CMake decides what is out of date.
 * @param {NativeBuild} build
 * @param {import('./headers.mjs').LlamaHeaders} headers
 * @param {(text: string) => void} report
 * @returns {Promise<void>}
 * @throws {Failure}
 */
export async function buildNative({ directory, type, definitions = [] }, headers, report) {
  await requireTools();
  const args = [
    '-S',
    fromRoot('native-kernels'),
    '-B',
    directory,
    ...((await findProgram('ninja')) === null ? [] : ['-G', 'Ninja']),
    `-DCMAKE_BUILD_TYPE=${type}`,
    `-DLOCI_LLAMA_DIR=${headers.directory}`,
    `-DLOCI_LLAMA_VERSION=${headers.version}`,
    `-DLOCI_NODE_MODULES=${fromRoot('node_modules')}`,
    `-DLOCI_TEST_LIBRARIES=${cpuLibraryDirectory()}`,
    `-DLOCI_TEST_VULKAN_LIBRARIES=${vulkanLibraryDirectory()}`,
    ...definitions,
  ];
  const stamp = path.join(directory, 'loci-configuration.json');
  const configuration = JSON.stringify(args, null, 2);
  if ((await readIfPresent(stamp)) !== configuration) {
    report(`configuring ${path.relative(fromRoot(), directory)}`);
    await mkdir(directory, { recursive: true });
    // A cache from other arguments would keep its generator and compiler.
    await rm(path.join(directory, 'CMakeCache.txt'), { force: true });
    await run('cmake', args, {
      failure: 'CMake could not configure the native build; the lines above say why.',
    });
    await writeFile(stamp, configuration);
    report(`compiling ${path.relative(fromRoot(), directory)}`);
  }
  const jobs = String(os.availableParallelism());
  await run('cmake', ['--build', directory, '--config', type, '--parallel', jobs], {
    failure: 'The native code did not compile; the lines above say why.',
  });
}

/** Reports a missing tool in one sentence, shorter than CMake's message. */
async function requireTools() {
  if ((await findProgram('cmake')) === null) {
    throw new Failure('cmake is missing: install CMake 3.21 or newer to build the native code.');
  }
  // On Windows, CMake finds Visual Studio without PATH.
  if (process.platform === 'win32') return;
  const compilers = [process.env['CXX'] ?? '', 'c++', 'g++', 'clang++'].filter(
    (name) => name !== '',
  );
  for (const compiler of compilers) if ((await findProgram(compiler)) !== null) return;
  throw new Failure(
    'A C++ compiler is missing: install g++ or clang++ (C++17) to build the native code.',
  );
}

/**
 * @param {string} file
 * @returns {Promise<string | null>}
 */
async function readIfPresent(file) {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return null;
  }
}
