/** Fetches a package's code into a folder and checks its checksum. */
import { mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { Failure } from '../../../../scripts/support/failure.mjs';
import { refuseUnsafe } from '../archives/safe-path.ts';
import type { ArchiveFile } from '../archives/safe-path.ts';
import { readTarball } from '../archives/tar.ts';
import { listZip, readZipMember } from '../archives/zip.ts';
import { tarballName, wheelName } from '../registries.ts';
import type { FetchPackage } from '../registries.ts';
import { folderName } from './list.ts';
import type { ListedRepository } from './list.ts';
import { contentHash, isSourcePath, looksGenerated } from './sources.ts';
import type { Files } from './sources.ts';

/** A fetch function for each registry. */
export type Fetchers = Readonly<Record<ListedRepository['registry'], FetchPackage>>;

/**
 * Fetches a package's code into a subfolder of `folder` and checks it; complete code is not fetched
 * again. No code of the package runs.
 * @param report is called with each step
 * @returns the package's own folder
 * @throws Failure if it is unavailable or has unexpected contents
 */
export async function fetchRepository(
  entry: ListedRepository,
  folder: string,
  fetchers: Fetchers,
  report: (line: string) => void,
): Promise<string> {
  const target = path.join(folder, folderName(entry));
  if (contentHash(await readFolder(target)) === entry.sha256) {
    report(`${entry.name} ${entry.version}: here already`);
    return target;
  }
  report(`${entry.name} ${entry.version}: fetching`);
  await mkdir(folder, { recursive: true });
  const work = await mkdtemp(path.join(folder, 'work-'));
  try {
    const files = await fetchFiles(entry, work, fetchers);
    const sum = contentHash(files);
    if (sum !== entry.sha256) {
      throw new Failure(
        `${entry.name} ${entry.version} is not the code that is expected: its SHA-256 is ${sum}.`,
      );
    }
    const unpacked = path.join(work, 'unpacked');
    await writeFolder(files, unpacked);
    await rm(target, { recursive: true, force: true });
    await rename(unpacked, target);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return target;
}

/**
 * Fetches the used code of a package from its registry.
 * @param work an empty folder for the archive
 * @throws Failure if the package is unavailable; Error if its archive is unsafe or truncated
 */
export async function fetchFiles(
  { registry, name, version, folder }: ListedRepository,
  work: string,
  fetchers: Fetchers,
): Promise<Files> {
  await fetchers[registry](name, version, work);
  const archiveName = (registry === 'npm' ? tarballName : wheelName)(name, version);
  const archive = path.join(work, archiveName);
  const members = registry === 'npm' ? await readTarball(archive) : await readWheel(archive);
  refuseUnsafe(members, archiveName);
  const files = new Map<string, string>();
  for (const member of members) {
    // All members of an npm archive are in one folder.
    const file = registry === 'npm' ? member.path.slice(member.path.indexOf('/') + 1) : member.path;
    if (!file.startsWith(`${folder}/`) || !isSourcePath(file)) continue;
    const text = member.content.toString();
    if (!looksGenerated(text)) files.set(file, text);
  }
  return files;
}

/** The files below a folder by path, with slashes; empty if the folder does not exist. */
export async function readFolder(folder: string): Promise<Files> {
  const files = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }).catch(
    () => [],
  )) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const name = path.relative(folder, file).split(path.sep).join('/');
    files.set(name, await readFile(file, 'utf8'));
  }
  return files;
}

/** Writes files below a folder. */
export async function writeFolder(files: Files, folder: string): Promise<void> {
  for (const [name, text] of files) {
    const file = path.join(folder, ...name.split('/'));
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

async function readWheel(archive: string): Promise<ArchiveFile[]> {
  const members: ArchiveFile[] = [];
  for (const member of await listZip(archive)) {
    if (member.path.endsWith('/')) continue;
    members.push({
      path: member.path,
      isPlainFile: member.isPlainFile,
      content: await buffer(await readZipMember(archive, member)),
    });
  }
  return members;
}
