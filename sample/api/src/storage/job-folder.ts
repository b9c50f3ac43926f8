import { randomUUID } from 'node:crypto';
import { mkdir, readFile, readdir, rename, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Position } from '../domain/address.ts';
import { withRetries } from '../support/retry.ts';

export type JobKind = 'geocode' | 'notify' | 'report';

export const JOB_SUFFIX = '.job.json';
export const POSITION_SUFFIX = '.position.json';

/** The folder through which the API hands work to the worker: one file a job. */
export class JobFolder {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Writes a job under a temporary name first: the worker never sees half a file. */
  async put(kind: JobKind, payload: unknown): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const name = path.join(this.#folder, `${Date.now()}-${randomUUID()}`);
    await withRetries(async () => {
      await writeFile(`${name}.part`, JSON.stringify({ kind, payload }));
      await rename(`${name}.part`, `${name}${JOB_SUFFIX}`);
    });
  }

  async waiting(): Promise<number> {
    const names = await readdir(this.#folder).catch(() => []);
    return names.filter((name) => name.endsWith(JOB_SUFFIX)).length;
  }

  /** The positions that the worker has found since the last call, by the delivery's id. */
  async takePositions(): Promise<Map<string, Position>> {
    const found = new Map<string, Position>();
    for (const name of await readdir(this.#folder).catch(() => [])) {
      if (!name.endsWith(POSITION_SUFFIX)) continue;
      const file = path.join(this.#folder, name);
      found.set(
        name.slice(0, -POSITION_SUFFIX.length),
        JSON.parse(await readFile(file, 'utf8')) as Position,
      );
      await unlink(file);
    }
    return found;
  }
}
