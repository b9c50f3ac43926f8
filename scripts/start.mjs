/**
 * `npm start`: opens VS Code with this extension on the sample repository. Without VS Code, it
 * serves a workbench for the browser until Ctrl+C.
 */
import { setUp } from './setup.mjs';
import { findProgram, runVisibly } from './support/commands.mjs';
import { Failure, runMain } from './support/failure.mjs';
import { root, sampleRepositoryDirectory } from './support/paths.mjs';
import { takeDataDirectory } from './support/data-directory.mjs';
import { pageAddress, startWorkbench } from './workbench.mjs';

/** @param {string} text */
function say(text) {
  process.stderr.write(`loci: ${text}\n`);
}

/** @returns {Promise<string | null>} VS Code's command, from CODE or from PATH */
async function findCode() {
  const wanted = process.env['CODE'];
  const found = await findProgram(wanted ?? 'code');
  if (wanted !== undefined && found === null) {
    throw new Failure(`CODE names ${wanted}, which is not a program on this machine.`);
  }
  return found;
}

/** Serves the workbench until the process is told to exit. */
async function serve() {
  const data = await takeDataDirectory();
  try {
    await serveWith(data.directory);
  } finally {
    await data.release();
  }
}

/** @param {string} keepIn */
async function serveWith(keepIn) {
  const workbench = await startWorkbench({ report: say, keepIn });
  const stopped = new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, resolve);
  });
  say('no VS Code on this machine; the workbench is in the browser (Ctrl+C ends it):');
  process.stdout.write(`${pageAddress(workbench, sampleRepositoryDirectory)}\n`);
  say(`settings and chats are kept in ${keepIn}`);
  await stopped;
  await workbench.stop();
}

await runMain(async () => {
  await setUp();
  const code = await findCode();
  if (code === null) {
    await serve();
    return 0;
  }
  say(`opening ${code}`);
  return runVisibly(code, [
    '--new-window',
    `--extensionDevelopmentPath=${root}`,
    sampleRepositoryDirectory,
  ]);
});
