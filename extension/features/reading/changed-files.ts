/** Which files have changed since they were read. */

import { join } from 'node:path';
import type { OpenResult } from '../../protocol/requests/open.ts';

export interface ChangedFilesOptions {
  /** Tells one content from another; null where there is no text file. Never rejects. */
  readonly fingerprint: (path: string) => Promise<string | null>;
  /** Called when the number has changed. */
  readonly onChange: (count: number) => void;
}

/** What a memory was read from, by absolute paths. */
interface Read {
  /** null while it is not known yet. */
  readonly files: Map<string, string | null | undefined>;
  /** How the engine names them. */
  readonly names: ReadonlyMap<string, string>;
  /** Folders, with a slash at their ends, and files that were left out. */
  readonly skipped: readonly string[];
}

const filesAtOnce = 8;

/**
 * Counts by content: a file that was only touched, or changed back, has not changed. A new file counts
 * where it is text and lies in no folder that was left out.
 */
export class ChangedFiles {
  readonly #options: ChangedFilesOptions;
  readonly #changed = new Set<string>();
  #read: Read | null = null;
  /** Settles when everything told so far has been looked at. */
  #work: Promise<void> = Promise.resolve();

  constructor(options: ChangedFilesOptions) {
    this.#options = options;
  }

  /** How many have changed. */
  get count(): number {
    return this.#changed.size;
  }

  /** Those of them that were read, as the engine names them. */
  get paths(): readonly string[] {
    return [...this.#changed].flatMap((path) => this.#read?.names.get(path) ?? []);
  }

  /**
   * A memory was read or restored: nothing has changed but the files that did while it was read, or
   * until it was restored.
   * @param since absolute paths that were told of since the reading began
   */
  reset(result: OpenResult, since: ReadonlySet<string>): Promise<void> {
    return this.#take(result, since, null);
  }

  /**
   * The rest of the memory was read: of the files that it had before, what has changed stays changed.
   * @param since absolute paths that were told of since the rest was begun
   */
  extend(result: OpenResult, since: ReadonlySet<string>): Promise<void> {
    return this.#take(result, since, this.#read);
  }

  /** @param before what was read earlier and is in this memory, too */
  #take(result: OpenResult, told: ReadonlySet<string>, before: Read | null): Promise<void> {
    const changed = result.changed.map((path) => absolute(result.roots, path));
    const since = new Set([...told, ...changed]);
    const names = new Map(result.files.map(({ path }) => [absolute(result.roots, path), path]));
    const files = [...names.keys()];
    const read: Read = {
      names,
      files: new Map(files.map((path) => [path, before?.files.get(path)])),
      skipped: result.skipped.map(({ path }) => absolute(result.roots, path)),
    };
    this.#read = read;
    return this.#update(async () => {
      const paths = files.filter((path) => read.files.get(path) === undefined);
      if (before === null) this.#changed.clear();
      else for (const path of paths) this.#changed.delete(path);
      for (const path of changed) if (!read.files.has(path)) this.#changed.add(path);
      const take = async (): Promise<void> => {
        for (let path = paths.pop(); path !== undefined; path = paths.pop()) {
          if (this.#read !== read) return;
          if (since.has(path)) this.#changed.add(path);
          read.files.set(path, since.has(path) ? null : await this.#options.fingerprint(path));
        }
      };
      await Promise.all(Array.from({ length: filesAtOnce }, take));
    });
  }

  /** There is no memory any more. */
  clear(): Promise<void> {
    this.#read = null;
    return this.#update(() => {
      this.#changed.clear();
      return Promise.resolve();
    });
  }

  /** Something happened to these files or folders. @param paths absolute */
  look(paths: readonly string[]): Promise<void> {
    return this.#update(async () => {
      const { files } = this.#read ?? {};
      if (files === undefined) return;
      const known = [...files.keys()];
      for (const path of paths) {
        await this.#lookAt(path);
        if (files.has(path)) continue;
        // A folder that goes is told as one.
        for (const file of known) {
          if (file.startsWith(`${path}/`)) await this.#lookAt(file);
        }
      }
    });
  }

  async #lookAt(path: string): Promise<void> {
    const read = this.#read;
    if (read === null) return;
    const now = await this.#options.fingerprint(path);
    const before = read.files.get(path);
    const changed = read.files.has(path)
      ? now === null || now !== before
      : now !== null && !read.skipped.some((entry) => covers(entry, path));
    if (changed) this.#changed.add(path);
    else this.#changed.delete(path);
  }

  /** One after the other: two looks at a file must not overtake each other. */
  #update(work: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(async () => {
      const before = this.count;
      await work();
      if (this.count !== before) this.#options.onChange(this.count);
    });
    return this.#work;
  }
}

/** Whether an entry that was left out is this file, or holds it. */
function covers(entry: string, path: string): boolean {
  return entry === path || (entry.endsWith('/') && path.startsWith(entry));
}

/** With forward slashes, a folder's slash kept. */
function absolute(roots: OpenResult['roots'], path: string): string {
  const root = roots.find(({ name }) => name !== '' && path.startsWith(`${name}/`)) ?? roots[0];
  if (root === undefined) return path;
  const inside = root.name === '' ? path : path.slice(root.name.length + 1);
  return normalPath(join(root.path, inside));
}

/** As paths are compared here. */
export function normalPath(path: string): string {
  return path.replaceAll('\\', '/');
}
