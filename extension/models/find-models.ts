/** Finds model files in the folders where similar programs keep theirs. */

import type { Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, isAbsolute, join } from 'node:path';
import type { FoundModel } from '../protocol/requests/find-models.ts';
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
 */
function modelFolders(environment: NodeJS.ProcessEnv, home: string): ModelFolder[] {
  const of = (source: string, ...folders: readonly (string | undefined)[]): ModelFolder[] =>
    folders
      .filter((folder) => folder !== undefined && isAbsolute(folder))
      .map((folder) => ({ source, folder: folder ?? '' }));
  const at = (...parts: readonly string[]): string | undefined =>
    home === '' ? undefined : join(home, ...parts);
  const { XDG_CACHE_HOME, HF_HOME, HF_HUB_CACHE, LLAMA_CACHE, LOCALAPPDATA } = environment;
  return [
    ...of('LM Studio', at('.lmstudio', 'models'), at('.cache', 'lm-studio', 'models')),
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
      HF_HOME === undefined ? undefined : join(HF_HOME, 'hub'),
      at('.cache', 'huggingface', 'hub'),
    ),
    ...of('Models', at('models'), at('Models'), at('.local', 'share', 'models')),
    ...of('Downloads', at('Downloads')),
  ];
}

/** The folders where Ollama keeps its models. */
function ollamaFolders(environment: NodeJS.ProcessEnv, home: string): string[] {
  return [
    environment['OLLAMA_MODELS'] ?? '',
    home === '' ? '' : join(home, '.ollama', 'models'),
    '/usr/share/ollama/.ollama/models',
  ].filter((folder) => isAbsolute(folder));
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
  for (const { source, folder } of modelFolders(environment, home)) {
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

async function list(directory: string): Promise<Dirent[]> {
  try {
    return await readdir(directory, { withFileTypes: true });
  } catch {
    return [];
  }
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

/** The size of a regular file, following links; null if there is none. */
async function sizeOf(path: string): Promise<number | null> {
  try {
    const stats = await stat(path);
    return stats.isFile() ? stats.size : null;
  } catch {
    return null;
  }
}

/** Ollama names its files by hash; manifests map them to models. */
async function ollamaModels(folder: string): Promise<FoundModel[]> {
  const models: FoundModel[] = [];
  const manifests = join(folder, 'manifests');
  for (const host of await list(manifests)) {
    for (const owner of await list(join(manifests, host.name))) {
      for (const model of await list(join(manifests, host.name, owner.name))) {
        const tags = join(manifests, host.name, owner.name, model.name);
        for (const tag of await list(tags)) {
          const digest = await modelDigest(join(tags, tag.name));
          if (digest === null) continue;
          const path = join(folder, 'blobs', digest.replace(':', '-'));
          const bytes = await sizeOf(path);
          const prefix = owner.name === 'library' ? '' : `${owner.name}/`;
          const name = `${prefix}${model.name}:${tag.name}`;
          if (bytes !== null) models.push({ path, name, source: 'Ollama', bytes });
        }
      }
    }
  }
  return models;
}

/** The hash of the weights in a manifest; null if the file is no manifest. */
async function modelDigest(manifest: string): Promise<string | null> {
  try {
    const size = await sizeOf(manifest);
    if (size === null || size > 1_000_000) return null;
    const content: unknown = JSON.parse(await readFile(manifest, 'utf8'));
    if (!isObject(content) || !Array.isArray(content['layers'])) return null;
    const layers: readonly unknown[] = content['layers'];
    const weights = layers.find(
      (layer) => isObject(layer) && layer['mediaType'] === 'application/vnd.ollama.image.model',
    );
    const digest = isObject(weights) ? weights['digest'] : null;
    return typeof digest === 'string' && /^sha256:[0-9a-f]{64}$/u.test(digest) ? digest : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
