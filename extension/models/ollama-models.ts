/** Ollama names its files by their hashes; manifests say which model each one is. */

import { isAbsolute, join } from 'node:path';
import type { FoundModel } from '../protocol/requests/find-models.ts';
import { isObject, list, readObject, sizeOf } from './foreign-files.ts';

const weightsType = 'application/vnd.ollama.image.model';

/**
 * Where Ollama keeps its models: for the user, and for a service of the system.
 * @param home the user's home folder; empty: there is none.
 */
export function ollamaFolders(environment: NodeJS.ProcessEnv, home: string): string[] {
  return [
    environment['OLLAMA_MODELS'] ?? '',
    home === '' ? '' : join(home, '.ollama', 'models'),
    '/usr/share/ollama/.ollama/models',
    '/var/lib/ollama/models',
    '/var/lib/ollama/.ollama/models',
    '/var/snap/ollama/common/models',
  ].filter((folder) => isAbsolute(folder));
}

/** The models of a folder of Ollama's, by the names that it shows. Never rejects. */
export async function ollamaModels(folder: string): Promise<FoundModel[]> {
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
          const name = `${ollamaPrefix(host.name, owner.name)}${model.name}:${tag.name}`;
          if (bytes !== null) models.push({ path, name, source: 'Ollama', bytes });
        }
      }
    }
  }
  return models;
}

/** What Ollama shows before a model's name: nothing for those of its own library. */
function ollamaPrefix(host: string, owner: string): string {
  if (host !== 'registry.ollama.ai') return `${host}/${owner}/`;
  return owner === 'library' ? '' : `${owner}/`;
}

/** The hash of the weights in a manifest; null for what is no manifest. */
async function modelDigest(manifest: string): Promise<string | null> {
  const found = (await readObject(manifest))['layers'];
  const layers: readonly unknown[] = Array.isArray(found) ? found : [];
  const weights = layers.filter(isObject).find(({ mediaType }) => mediaType === weightsType);
  const digest = weights?.['digest'];
  return typeof digest === 'string' && /^sha256:[0-9a-f]{64}$/u.test(digest) ? digest : null;
}
