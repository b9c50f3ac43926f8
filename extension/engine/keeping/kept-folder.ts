/** The folder of kept memories: two generations for each set of folders, two files for each. */

import { createHash } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** One generation of a memory: its own file, and the one with its keys and values. */
export interface Generation {
  /** Which folders it is of. */
  readonly key: string;
  /** From 1; a newer one has a higher number. */
  readonly number: number;
}

/** What a generation takes. */
export interface StoredGeneration extends Generation {
  /** Of both files. */
  readonly bytes: number;
  /** When it was written, in milliseconds. */
  readonly savedAt: number;
}

const generationsKept = 2;
const namePattern = /^([0-9a-f]{32})-([1-9]\d{0,14})\.loci$/u;
const valuesPattern = /^([0-9a-f]{32})-([1-9]\d{0,14})\.kv$/u;
const temporaryPattern = /^[0-9a-f]{32}-\d{1,15}\.(?:loci|kv)\.(\d{1,10})\.tmp$/u;

/** Names a set of folders. @param roots absolute */
export function keyOf(roots: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(roots)).digest('hex').slice(0, 32);
}

/** Files of one folder. What is no kept memory in it is never touched. */
export class KeptFolder {
  readonly #folder: string;

  /** @param folder need not exist */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The file that makes a generation complete. */
  pathOf({ key, number }: Generation): string {
    return join(this.#folder, `${key}-${String(number)}.loci`);
  }

  /** The file with a generation's keys and values. */
  valuesOf({ key, number }: Generation): string {
    return join(this.#folder, `${key}-${String(number)}.kv`);
  }

  /** Under this name a file is written, until {@link place} gives it its own. */
  temporaryOf(path: string): string {
    return `${path}.${String(process.pid)}.tmp`;
  }

  /** Makes the folder, for its owner alone. */
  async prepare(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
  }

  /** Gives a file that is on the disk its own name. */
  async place(path: string): Promise<void> {
    await rename(this.temporaryOf(path), path);
    await syncFolder(this.#folder);
  }

  /** What is kept, the newest first; nothing where there is no such folder. */
  async list(): Promise<StoredGeneration[]> {
    const found: StoredGeneration[] = [];
    for (const name of await this.#names()) {
      const [, key, digits] = namePattern.exec(name) ?? [];
      if (key === undefined) continue;
      const generation = { key, number: Number(digits) };
      const own = await statOf(this.pathOf(generation));
      if (own === null) continue;
      const values = await statOf(this.valuesOf(generation));
      found.push({ ...generation, bytes: own.size + (values?.size ?? 0), savedAt: own.mtimeMs });
    }
    return found.sort((a, b) => b.savedAt - a.savedAt || b.number - a.number);
  }

  /** The generations of a key, the newest first. */
  async generations(key: string): Promise<StoredGeneration[]> {
    const all = await this.list();
    return all.filter((one) => one.key === key).sort((a, b) => b.number - a.number);
  }

  /** Deletes a generation, the file that makes it complete first. */
  async remove(generation: Generation): Promise<void> {
    await rm(this.pathOf(generation), { force: true });
    await rm(this.valuesOf(generation), { force: true });
  }

  /** Deletes what processes that ended while they saved have left, and keys and values of nothing. */
  async tidy(key: string): Promise<void> {
    for (const name of await this.#names()) {
      const [, pid] = temporaryPattern.exec(name) ?? [];
      const [, of, digits] = valuesPattern.exec(name) ?? [];
      const left = pid !== undefined && !runs(Number(pid));
      const alone =
        of === key && (await statOf(this.pathOf({ key, number: Number(digits) }))) === null;
      if (left || alone) await rm(join(this.#folder, name), { force: true });
    }
  }

  /**
   * Deletes generations beyond two of each key, and the oldest beyond the limit.
   * @param newest stays in any case
   */
  async prune(newest: Generation, limitBytes: number): Promise<void> {
    const isNewest = ({ key, number }: Generation): boolean =>
      key === newest.key && number === newest.number;
    const surplus = (await this.generations(newest.key)).slice(generationsKept);
    for (const one of surplus) if (!isNewest(one)) await this.remove(one);
    const left = await this.list();
    let bytes = left.reduce((sum, one) => sum + one.bytes, 0);
    for (const one of left.toReversed()) {
      if (bytes <= limitBytes) return;
      if (isNewest(one)) continue;
      await this.remove(one);
      bytes -= one.bytes;
    }
  }

  async #names(): Promise<string[]> {
    try {
      return await readdir(this.#folder);
    } catch {
      return [];
    }
  }
}

/** Puts what was written to a file on the disk. */
export async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.chmod(0o600);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Where the system does not sync folders, a name may be lost, never half of a file. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch {
    return;
  }
}

async function statOf(path: string): Promise<{ size: number; mtimeMs: number } | null> {
  try {
    const { size, mtimeMs } = await stat(path);
    return { size, mtimeMs };
  } catch {
    return null;
  }
}

function runs(pid: number): boolean {
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
