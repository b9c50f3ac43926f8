/**
 * `npm run repositories`: fetches the real code that measurements read into `.cache/repositories`,
 * with npm and pip; no code of a package runs.
 *
 *     npm run repositories                   all 24 packages of repositories/list.json
 *     npm run repositories -- koa express    only the named ones
 *     npm run repositories -- --write-list   updates the list's counts and checksums
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Failure, runMain } from '../../../scripts/support/failure.mjs';
import { cacheDirectory } from '../../../scripts/support/paths.mjs';
import { npmFetch, pipFetch } from './registries.ts';
import { fetchFiles, fetchRepository } from './repositories/fetch.ts';
import type { Fetchers } from './repositories/fetch.ts';
import { readList, writeList } from './repositories/list.ts';
import type { ListedRepository } from './repositories/list.ts';
import { contentHash, estimatedTokens } from './repositories/sources.ts';

async function counted(entry: ListedRepository, fetchers: Fetchers): Promise<ListedRepository> {
  const work = await mkdtemp(path.join(tmpdir(), 'loci-repository-'));
  try {
    const files = await fetchFiles(entry, work, fetchers);
    const tokens = estimatedTokens(files);
    return { ...entry, sha256: contentHash(files), files: files.size, tokens };
  } finally {
    await rm(work, { recursive: true });
  }
}

await runMain(async () => {
  const names = process.argv.slice(2);
  const list = await readList();
  const fetchers = { npm: npmFetch(), pypi: await pipFetch() };
  if (names[0] === '--write-list') {
    const anew: ListedRepository[] = [];
    for (const entry of list) anew.push(await counted(entry, fetchers));
    await writeList(anew);
    return 0;
  }
  const unknown = names.find((name) => !list.some((entry) => entry.name === name));
  if (unknown !== undefined) {
    const known = list.map(({ name }) => name).join(', ');
    throw new Failure(`There is no repository "${unknown}". Choose among ${known}.`);
  }
  for (const entry of list) {
    if (names.length > 0 && !names.includes(entry.name)) continue;
    await fetchRepository(entry, path.join(cacheDirectory, 'repositories'), fetchers, (line) => {
      process.stderr.write(`${line}\n`);
    });
  }
  return 0;
});
