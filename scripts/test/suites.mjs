import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { unpackHeaders } from '../setup/headers.mjs';
import { buildNative } from '../setup/native.mjs';
import { capture, findProgram, runVisibly, show } from '../support/commands.mjs';
import {
  artifactsDirectory,
  fromRoot,
  nativeBuildDirectory,
  sanitizedBuildDirectory,
} from '../support/paths.mjs';
import { nativeFiles } from '../support/sources.mjs';
import { readFamilyTable } from './family-table.mjs';
import { countJunit, countReport, countVitest, notRun, one, sum } from './counts.mjs';

/**
 * When a suite runs without being named: always; if native code has changed, and in a full run;
 * only in a full run; never, as another one contains it.
 * @typedef {'always' | 'native' | 'full' | 'never'} When
 */

/**
 * @typedef {object} Suite
 * @property {string} name as in `npm test -- name`
 * @property {string} title
 * @property {() => Promise<import('./counts.mjs').Counts>} run
 * @property {When} when
 */

/**
 * One thread per engine: several threads wait for each other by spinning, which is very slow on a
 * machine that also runs other suites.
 */
const threads = { LOCI_THREADS: process.env['LOCI_THREADS'] ?? '1' };

/**
 * Every suite, in the order in which they begin: first what fails within a minute, then what takes
 * longest, so that a short one is the last to end.
 * @type {Suite[]}
 */
export const suites = [
  { name: 'types', title: 'TypeScript', run: checkTypes, when: 'always' },
  { name: 'format', title: 'Prettier and clang-format', run: checkFormat, when: 'always' },
  {
    name: 'vulkan-all',
    title: 'Every test of the engine on Vulkan',
    run: () => testVulkan({ all: true }),
    when: 'full',
  },
  {
    name: 'sanitized',
    title: 'Native tests under ASan and UBSan',
    run: testSanitized,
    when: 'native',
  },
  {
    name: 'integration',
    title: 'The engine on the CPU',
    run: () => vitest('integration'),
    when: 'always',
  },
  {
    name: 'families',
    title: 'Every family of models, with a table of what was tested',
    run: testFamilies,
    when: 'never',
  },
  {
    name: 'e2e',
    title: 'A real workbench in a real browser',
    run: () => vitest('e2e'),
    when: 'always',
  },
  { name: 'unit', title: 'Unit tests', run: () => vitest('unit'), when: 'always' },
  { name: 'tidy', title: 'clang-tidy', run: tidy, when: 'native' },
  {
    name: 'vulkan',
    title: 'Native tests and the main job on Vulkan',
    run: testVulkan,
    when: 'native',
  },
  {
    name: 'lint',
    title: 'ESLint, with the rules of the architecture; Knip',
    run: lint,
    when: 'always',
  },
  {
    name: 'page',
    title: 'The chat in a real browser',
    run: () => vitest('page'),
    when: 'always',
  },
  {
    name: 'quality',
    title: 'What a compressed memory knows, against the baseline',
    run: quality,
    when: 'always',
  },
  { name: 'native', title: 'Native tests', run: () => ctest('native'), when: 'always' },
  { name: 'cli', title: 'The command line', run: () => vitest('cli'), when: 'always' },
];

/**
 * Runs one of the installed development tools.
 * @param {string} script its path in node_modules
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
function node(script, args, env = {}) {
  const file = fromRoot('node_modules', ...script.split('/'));
  return runVisibly(process.execPath, [file, ...args], {
    env: { ...process.env, ...threads, ...env },
  });
}

async function lint() {
  const eslint = one((await node('eslint/bin/eslint.js', ['--max-warnings=0', '.'])) === 0);
  return sum([eslint, one((await node('knip/bin/knip.js', ['--no-progress'])) === 0)]);
}

async function checkTypes() {
  const projects = ['tsconfig.json', 'webview/tsconfig.json', 'test/page/tsconfig.json'];
  let holds = true;
  for (const project of projects) {
    holds = (await node('typescript/bin/tsc', ['-p', fromRoot(project)])) === 0 && holds;
  }
  return one(holds);
}

async function checkFormat() {
  const prettier = one((await node('prettier/bin/prettier.cjs', ['--check', '.'])) === 0);
  return sum([prettier, await checkNativeFormat()]);
}

async function checkNativeFormat() {
  const tool = await findProgram('clang-format');
  if (tool === null) return notRun('clang-format is not installed');
  return one((await runVisibly(tool, ['--dry-run', '-Werror', ...(await nativeFiles())])) === 0);
}

/**
 * Runs a vitest project and counts its tests.
 * @param {string} project
 * @param {{ report?: string, env?: NodeJS.ProcessEnv, files?: readonly string[], timeout?: number }} [options]
 */
async function vitest(project, { report = project, env = {}, files = [], timeout } = {}) {
  const file = path.join(artifactsDirectory, `${report}.json`);
  await rm(file, { force: true });
  const exitCode = await node(
    'vitest/vitest.mjs',
    [
      // `integration*`: with what runs alone.
      ...['run', '--project', `${project}*`, '--reporter=default', '--reporter=json'],
      `--outputFile.json=${file}`,
      // The engine uses every core and is timed, so its test files run one after the other.
      ...(project === 'unit' ? [] : ['--no-file-parallelism']),
      ...(timeout === undefined ? [] : [`--testTimeout=${String(timeout)}`]),
      ...files,
    ],
    env,
  );
  return countReport(exitCode, file, countVitest);
}

/** The tests of families in their full form; a full run has them in `integration`. */
async function testFamilies() {
  const report = 'families';
  const counts = await vitest('integration', {
    report,
    env: { LOCI_TEST_FULL: '1' },
    files: ['test/integration/families.test.ts'],
  });
  say(`\n${await readFamilyTable(path.join(artifactsDirectory, `${report}.json`))}`);
  return counts;
}

/**
 * Without a GPU, Mesa's lavapipe is the Vulkan device. It is a hundred times slower, so without
 * `all` only the main job's engine tests run.
 */
async function testVulkan({ all = false } = {}) {
  if (!hasVulkanDriver()) return notRun('there is no Vulkan driver (Debian: mesa-vulkan-drivers)');
  // llama.cpp uses a CPU device such as lavapipe only if it is named.
  const env = { LOCI_TEST_GPU: 'vulkan', GGML_VK_VISIBLE_DEVICES: '0' };
  const preload = process.platform === 'linux' ? { LD_PRELOAD: lavapipePreload } : {};
  const quick = await quickModel();
  const native = { ...env, LOCI_TEST_QUICK_MODEL: quick, ...(all ? { LOCI_TEST_ALL: '1' } : {}) };
  return sum([
    await ctest('vulkan-native', { label: 'vulkan', env: native }),
    await vitest('integration', {
      report: 'vulkan',
      env: { ...env, ...preload },
      timeout: 900_000,
      files: all ? [] : ['test/integration/main-job.test.ts'],
    }),
  ]);
}

/** Returns a model with random weights, for runs in which the bundled one is too slow. */
async function quickModel() {
  const file = fromRoot('build', 'brief-llama.gguf');
  await node('tsx/dist/cli.mjs', [fromRoot('test/tools/random-gguf.ts'), file, '--shape=brief']);
  return file;
}

// Keeps lavapipe from crashing on ggml's descriptor sets; see that file.
const lavapipePreload = path.join(nativeBuildDirectory, 'liblavapipe_buffers.so');

function hasVulkanDriver() {
  if (process.platform === 'win32') return existsSync('C:\\Windows\\System32\\vulkan-1.dll');
  const named = process.env['VK_DRIVER_FILES'] ?? process.env['VK_ICD_FILENAMES'];
  return (
    named !== undefined || ['/usr/share', '/etc'].some((top) => existsSync(`${top}/vulkan/icd.d`))
  );
}

/**
 * Runs the native tests that CMake labelled for a device, one process per file.
 * @param {string} report
 * @param {{ directory?: string, label?: 'cpu' | 'vulkan', jobs?: number, env?: NodeJS.ProcessEnv }} [options]
 */
async function ctest(
  report,
  { directory = nativeBuildDirectory, label = 'cpu', jobs = 1, env = {} } = {},
) {
  const file = path.join(artifactsDirectory, `${report}.xml`);
  await rm(file, { force: true });
  const args = [
    '--test-dir',
    directory,
    '-L',
    label,
    '-j',
    String(jobs),
    '--output-on-failure',
    // The counted summary comes last.
    '--test-output-size-passed=1000000',
    '--no-tests=error',
  ];
  const exitCode = await runVisibly('ctest', [...args, '--output-junit', file], {
    env: { ...process.env, ...threads, ...env },
  });
  return countReport(exitCode, file, countJunit);
}

async function testSanitized() {
  if (process.platform === 'win32') return notRun('the sanitizers are not set up for Windows');
  await buildNative(
    {
      directory: sanitizedBuildDirectory,
      type: 'RelWithDebInfo',
      definitions: [
        '-DLOCI_SANITIZE=ON',
        '-DLOCI_BUILD_ADDON=OFF',
        // CI recompiles each time, which takes longer than the tests; they run no slower than at
        // -O1.
        '-DCMAKE_CXX_FLAGS_RELWITHDEBINFO=-Og -g1',
      ],
    },
    await unpackHeaders(say),
    say,
  );
  return ctest('sanitized', {
    directory: sanitizedBuildDirectory,
    jobs: os.availableParallelism(),
    env: {
      LOCI_TEST_QUICK_MODEL: await quickModel(),
      ASAN_OPTIONS: 'detect_stack_use_after_return=1:strict_string_checks=1',
      UBSAN_OPTIONS: 'print_stacktrace=1',
    },
  });
}

async function quality() {
  const args = [fromRoot('test/quality/quality.ts'), '--quick'];
  return one((await node('tsx/dist/cli.mjs', args)) === 0);
}

async function tidy() {
  const tool = await findProgram('run-clang-tidy');
  if (tool === null) return notRun('clang-tidy is not installed');
  const jobs = String(os.availableParallelism());
  const args = ['-p', nativeBuildDirectory, '-quiet', '-j', jobs, 'native-kernels/'];
  const { exitCode, output } = await capture(tool, args);
  await writeFile(path.join(artifactsDirectory, 'tidy.txt'), output);
  // A finding in a header appears once for each file that includes it.
  const findings = new Set(output.match(/^.*(?:warning|error): .*$/gm));
  for (const finding of findings) say(finding);
  return one(exitCode === 0);
}

/** @param {string} text */
function say(text) {
  show(`${text}\n`);
}
