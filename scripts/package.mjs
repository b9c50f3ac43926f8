/**
 * `npm run package`: a VSIX of this platform in `build`; `-- --target NAME` makes that of another one
 * whose addon was built there. See CONTRIBUTING.md.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { planPackage } from './package/plan.mjs';
import { targetOf, thisTarget } from './package/targets.mjs';
import { megabytes, writePackage } from './package/vsix.mjs';
import { setUp } from './setup.mjs';
import { Failure, runMain } from './support/failure.mjs';
import { root } from './support/paths.mjs';

/** @returns {string} the target that is asked for */
function wantedTarget() {
  try {
    const { values } = parseArgs({ options: { target: { type: 'string' } } });
    return values.target ?? thisTarget;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure(`The arguments were not understood: ${reason}. Use --target NAME.`);
  }
}

await runMain(async () => {
  const target = wantedTarget();
  targetOf(target);
  await setUp();
  const plan = await planPackage(target);
  const { file, bytes } = await writePackage(plan);
  const count = String(plan.files.length);
  process.stdout.write(`${path.relative(root, file)}: ${count} files, ${megabytes(bytes)}\n`);
  return 0;
});
