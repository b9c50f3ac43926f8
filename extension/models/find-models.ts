/** Finds model files in the folders where similar programs keep theirs. */

import { homedir } from 'node:os';
import { basename, isAbsolute, join } from 'node:path';
import type { FoundModel } from '../protocol/requests/find-models.ts';
import { modelFolder } from './download/model-folder.ts';
import { list, readObject, readSmall, sizeOf } from './foreign-files.ts';
import { ollamaFolders, ollamaModels } from './ollama-models.ts';
import { splitFiles } from './split-files.ts';

/** Models do not lie deeper than this. */
const deepest = 6;
const mostEntries = 20_000;
const mostModels = 100;
/** Smaller files are vocabularies or adapters. */
const smallestBytes = 1_000_000;

interface ModelFolder {
  readonly source: string;
  readonly folder: string;
}

/**
 * The folders to search, whether or not they exist.
 * @param home the user's home folder; empty if there is none.
 * @param studio the folders that LM Studio's own settings name
 */
function modelFolders(
  environment: NodeJS.ProcessEnv,
  home: string,
  studio: readonly string[],
): ModelFolder[] {
  const of = (source: string, ...folders: readonly (string | undefined)[]): ModelFolder[] =>
    folders
      .filter((folder) => folder !== undefined && isAbsolute(folder))
      .map((folder) => ({ source, folder: folder ?? '' }));
  const at = (...parts: readonly string[]): string | undefined =>
    home === '' ? undefined : join(home, ...parts);
  const { XDG_CACHE_HOME, HF_HOME, HF_HUB_CACHE, HUGGINGFACE_HUB_CACHE } = environment;
  const { LLAMA_CACHE, LOCALAPPDATA } = environment;
  return [
    ...of('Loci', modelFolder(environment, process.platform, home) ?? undefined),
    ...of('LM Studio', ...studio, at('.lmstudio', 'models'), at('.cache', 'lm-studio', 'models')),
    ...of(
      'llama.cpp',
      LLAMA_CACHE,
      XDG_CACHE_HOME === undefined ? undefined : join(XDG_CACHE_HOME, 'llama.cpp'),
      at('.cache', 'llama.cpp'),
      at('Library', 'Caches', 'llama.cpp'),
      LOCALAPPDATA === undefined ? undefined : join(LOCALAPPDATA, 'llama.cpp'),
    ),
    ...of(
      'Hugging Face',
      HF_HUB_CACHE,
      HUGGINGFACE_HUB_CACHE,
      HF_HOME === undefined ? undefined : join(HF_HOME, 'hub'),
      XDG_CACHE_HOME === undefined ? undefined : join(XDG_CACHE_HOME, 'huggingface', 'hub'),
      at('.cache', 'huggingface', 'hub'),
    ),
    ...of('Models', at('models'), at('Models'), at('.local', 'share', 'models')),
    ...of('Downloads', at('Downloads')),
  ];
}

/** The model files in the usual folders, ordered by source, then name. Never rejects. */
export async function findModels(
  environment: NodeJS.ProcessEnv = process.env,
  home: string = homeFolder(),
): Promise<FoundModel[]> {
  const found = new Map<string, FoundModel>();
  const add = (model: FoundModel | null): void => {
    if (model !== null && found.size < mostModels && !found.has(model.path)) {
      found.set(model.path, model);
    }
  };
  for (const folder of ollamaFolders(environment, home)) {
    for (const model of await ollamaModels(folder)) add(model);
  }
  const studio = await studioFolders(home);
  for (const { source, folder } of modelFolders(environment, home, studio)) {
    for (const path of await ggufFiles(folder, source === 'Downloads' ? 1 : deepest)) {
      add(await describeFile(path, source));
    }
  }
  return [...found.values()];
}

function homeFolder(): string {
  try {
    return homedir();
  } catch {
    return '';
  }
}

/** The GGUF models below a folder: only the first part of split ones, no projectors. */
async function ggufFiles(folder: string, depth: number): Promise<string[]> {
  const paths: string[] = [];
  let entries = 0;
  let level = [folder];
  for (let left = depth; left > 0 && level.length > 0; left--) {
    const next: string[] = [];
    for (const directory of level) {
      for (const entry of await list(directory)) {
        if (++entries > mostEntries) return paths;
        const path = join(directory, entry.name);
        if (entry.isDirectory()) next.push(path);
        else if (isModelName(entry.name)) paths.push(path);
      }
    }
    level = next;
  }
  return paths.sort();
}

function isModelName(name: string): boolean {
  const part = /-(?<part>\d{5})-of-\d{5}\.gguf$/iu.exec(name)?.groups?.['part'] ?? '00001';
  return /\.gguf$/iu.test(name) && !/^mmproj|-mmproj/iu.test(name) && part === '00001';
}

async function describeFile(path: string, source: string): Promise<FoundModel | null> {
  let bytes = 0;
  for (const file of splitFiles(path) ?? [path]) {
    const size = await sizeOf(file);
    if (size === null) return null;
    bytes += size;
  }
  return bytes < smallestBytes ? null : { path, name: basename(path), source, bytes };
}

/** Where LM Studio keeps its models by its settings; nowhere where it has none. */
async function studioFolders(home: string): Promise<string[]> {
  if (home === '') return [];
  const pointer = (await readSmall(join(home, '.lmstudio-home-pointer'))).trim();
  const folder = isAbsolute(pointer) ? pointer : join(home, '.lmstudio');
  const { downloadsFolder } = await readObject(join(folder, 'settings.json'));
  return [
    ...(typeof downloadsFolder === 'string' ? [downloadsFolder] : []),
    join(folder, 'models'),
  ];
}
