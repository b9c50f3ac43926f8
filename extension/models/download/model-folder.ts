/** The folder of downloaded models, and what is in it. */

import { rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { list, sizeOf } from '../foreign-files.ts';
import { PartFile } from './part-file.ts';

/** A model in the folder, complete or not. */
export interface DownloadedModel {
  /** Of the complete file, whether or not it is there. */
  readonly path: string;
  readonly fileName: string;
  /** Bytes that are there. */
  readonly bytes: number;
  readonly complete: boolean;
  /** Where the rest of it is; null: unknown, or nothing is missing. */
  readonly address: string | null;
}

/**
 * The user's folder of downloaded models, the same for the editor and the terminal:
 * `LOCI_MODELS_DIR` if set, else the platform's place for a program's data. It may not exist.
 * @returns null where there is no place
 */
export function modelFolder(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homeFolder(),
): string | null {
  // A relative path would name a folder in the repository.
  const named = (name: string): string | null => {
    const value = environment[name] ?? '';
    return isAbsolute(value) ? value : null;
  };
  const chosen = named('LOCI_MODELS_DIR');
  if (chosen !== null) return chosen;
  const usual = {
    darwin: ['Library', 'Application Support'],
    win32: ['AppData', 'Local'],
  }[platform as string] ?? ['.local', 'share'];
  const data =
    platform === 'darwin' ? null : named(platform === 'win32' ? 'LOCALAPPDATA' : 'XDG_DATA_HOME');
  const parent = data ?? (home === '' ? null : join(home, ...usual));
  return parent === null ? null : join(parent, 'loci', 'models');
}

/** The models in the folder, by name. Never rejects. */
export async function downloadedModels(folder: string): Promise<DownloadedModel[]> {
  const found: DownloadedModel[] = [];
  for (const { name } of await list(folder)) {
    const fileName = name.replace(/\.part$/u, '');
    const bytes = /\.gguf$/iu.test(fileName) ? await sizeOf(join(folder, name)) : null;
    if (bytes === null) continue;
    const complete = name === fileName;
    const path = join(folder, fileName);
    const version = complete ? null : await new PartFile(path).version();
    found.push({ path, fileName, bytes, complete, address: version?.address ?? null });
  }
  return found.sort((left, right) => left.fileName.localeCompare(right.fileName));
}

/**
 * Deletes a model, and what there is of it besides.
 * @throws the file system's error; DownloadError while it is being downloaded
 */
export async function deleteModel(path: string): Promise<void> {
  const part = new PartFile(path);
  const release = await part.take();
  try {
    await part.discard();
    await rm(path, { force: true });
  } finally {
    await release();
  }
}

function homeFolder(): string {
  try {
    return homedir();
  } catch {
    return '';
  }
}
