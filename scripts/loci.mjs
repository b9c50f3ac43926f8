/**
 * `npm run --silent loci -- ...`: brings the build up to date, then runs the command line. Set-up
 * prints only to stderr, because stdout belongs to the command.
 */
import { pathToFileURL } from 'node:url';
import { setUp } from './setup.mjs';
import { printFailure } from './support/failure.mjs';
import { fromRoot } from './support/paths.mjs';

const program = fromRoot('dist', 'cli.mjs');

try {
  await setUp();
} catch (error) {
  printFailure(error);
  process.exit(1);
}
// npm runs scripts in the project's folder, but paths on the command line are relative to the
// caller's.
process.chdir(process.env['INIT_CWD'] ?? process.cwd());
process.argv = [process.execPath, program, ...process.argv.slice(2)];
await import(pathToFileURL(program).href);
