/**
 * `npm run generate`: writes the settings, stated once in the code, into the manifest and README.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { settings } from '../extension/settings/registry.ts';
import { withProperties, withTable } from '../extension/settings/manifest.ts';
import { fromRoot } from './support/paths.mjs';

const all = Object.values(settings);
for (const [name, change] of [
  ['package.json', withProperties],
  ['README.md', withTable],
] as const) {
  const file = fromRoot(name);
  await writeFile(file, change(await readFile(file, 'utf8'), all));
}
