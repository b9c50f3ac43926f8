/** `npm run format`: formats all files in place, as the `format` test suite requires. */
import { findProgram, runVisibly } from './support/commands.mjs';
import { Failure, runMain } from './support/failure.mjs';
import { fromRoot } from './support/paths.mjs';
import { nativeFiles } from './support/sources.mjs';

await runMain(async () => {
  const prettier = fromRoot('node_modules', 'prettier', 'bin', 'prettier.cjs');
  const exitCode = await runVisibly(process.execPath, [
    prettier,
    '--write',
    '--log-level=warn',
    '.',
  ]);
  const clangFormat = await findProgram('clang-format');
  if (clangFormat === null) {
    throw new Failure('clang-format is missing: the native code was not formatted.');
  }
  return exitCode + (await runVisibly(clangFormat, ['-i', ...(await nativeFiles())]));
});
