/**
 * `npm run setup`: installs and builds what is missing. Plain Node, because it runs before any
 * package is installed.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { copySampleRepository } from './sample-repository.mjs';
import { bundle } from './setup/bundles.mjs';
import { installDependencies } from './setup/dependencies.mjs';
import { unpackHeaders } from './setup/headers.mjs';
import { buildNative } from './setup/native.mjs';
import { Failure, runMain } from './support/failure.mjs';
import { withLock } from './support/lock.mjs';
import { cacheDirectory, nativeBuildDirectory } from './support/paths.mjs';

/** The oldest Node.js, as [major, minor]. */
const oldestNode = [20, 12];

/**
 * Brings everything that the extension and the command line need up to date. Holds a lock for this
 * folder, so that concurrent commands do not overwrite each other's build. Prints only to stderr.
 * @param {(text: string) => void} [report] called with each step that is needed
 * @returns {Promise<void>}
 * @throws {Failure}
 */
export async function setUp(report = reportOnStderr) {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldestNode;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    throw new Failure(
      `Node.js ${oldestNode.join('.')} or newer is needed; this is ${process.versions.node}.`,
    );
  }
  const lock = path.join(cacheDirectory, 'setup.lock');
  const onWait = (/** @type {string} */ owner) => {
    report(`waiting for another set-up (process ${owner})`);
  };
  await withLock(lock, onWait, async () => {
    await installDependencies(report);
    const headers = await unpackHeaders(report);
    await buildNative({ directory: nativeBuildDirectory, type: 'Release' }, headers, report);
    await bundle(report);
    await copySampleRepository(report);
  });
}

/** @param {string} text */
function reportOnStderr(text) {
  process.stderr.write(`set-up: ${text}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runMain(async () => {
    const start = performance.now();
    await setUp();
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    process.stderr.write(`set-up: everything is up to date (${seconds} s)\n`);
    return 0;
  });
}
