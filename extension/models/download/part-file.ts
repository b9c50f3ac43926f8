/** A file that is not complete, and what is known of it: enough to go on another day. */

import { open, readFile, rm, stat, statfs, utimes, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isObject } from '../foreign-files.ts';
import { DownloadError } from './download-error.ts';

/** What a download leaves free for others. */
const spareBytes = 64 * 2 ** 20;
const touchMs = 5_000;
const abandonedMs = 60_000;

/** Which version of the file on the server the part is of. */
export interface PartVersion {
  /** Without its query, which may hold a passing signature. */
  readonly address: string;
  /** Its SHA-256, entity tag or date, as the server states it: never empty. */
  readonly identity: string;
  /** Bytes of the whole file; null: the server does not say. */
  readonly totalBytes: number | null;
}

/** `NAME.gguf.part`, and beside it `NAME.gguf.part.json`. */
export class PartFile {
  readonly path: string;
  readonly #facts: string;
  readonly #lock: string;

  /** @param target the path of the complete file */
  constructor(target: string) {
    this.path = `${target}.part`;
    this.#facts = `${this.path}.json`;
    this.#lock = `${this.path}.lock`;
  }

  /** Bytes that are there; 0: none. */
  async bytes(): Promise<number> {
    try {
      return (await stat(this.path)).size;
    } catch {
      return 0;
    }
  }

  /** The version that the part is of; null: unknown, so that nothing can be added to it. */
  async version(): Promise<PartVersion | null> {
    try {
      const facts: unknown = JSON.parse(await readFile(this.#facts, 'utf8'));
      if (!isObject(facts)) return null;
      const { address, identity, totalBytes } = facts;
      if (typeof address !== 'string' || typeof identity !== 'string') return null;
      const total = typeof totalBytes === 'number' ? totalBytes : null;
      return identity === '' ? null : { address, identity, totalBytes: total };
    } catch {
      return null;
    }
  }

  /** Empties the part and notes what will be in it. @param version null: it cannot be continued */
  async begin(version: PartVersion | null): Promise<void> {
    await rm(this.#facts, { force: true });
    await writeFile(this.path, '');
    if (version !== null) await writeFile(this.#facts, JSON.stringify(version));
  }

  /** Opens the part for more bytes at its end. */
  append(): Promise<FileHandle> {
    return open(this.path, 'a');
  }

  /** Forgets what was noted of the part, which is now the complete file. */
  async complete(): Promise<void> {
    await rm(this.#facts, { force: true });
  }

  /** Deletes the part. */
  async discard(): Promise<void> {
    await rm(this.path, { force: true });
    await rm(this.#facts, { force: true });
  }

  /**
   * Keeps other processes and windows from writing the same part.
   * @returns gives the part free again
   * @throws DownloadError if another one has it
   */
  async take(): Promise<() => Promise<void>> {
    for (let tries = 0; tries < 2; tries++) {
      try {
        await writeFile(this.#lock, String(process.pid), { flag: 'wx' });
        return this.#hold();
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
        if (await this.#isHeld()) break;
        await rm(this.#lock, { force: true });
      }
    }
    throw new DownloadError('busy', 'This model is being downloaded already. Wait for it to end.');
  }

  /** Refuses to fill the disk. @param missing bytes that are still to come */
  async requireSpace(missing: number): Promise<void> {
    const { bavail, bsize } = await statfs(dirname(this.path));
    if (missing + spareBytes <= bavail * bsize) return;
    throw new DownloadError('disk-full', 'The disk is too full for this model. Make room first.');
  }

  /** Shows that the lock's owner is at work until it gives the part free. */
  #hold(): () => Promise<void> {
    const timer = setInterval(() => {
      const now = new Date();
      // Where it was deleted, another one may begin; the sum finds what comes of it.
      utimes(this.#lock, now, now).catch(() => undefined);
    }, touchMs);
    timer.unref();
    return async () => {
      clearInterval(timer);
      await rm(this.#lock, { force: true });
    };
  }

  async #isHeld(): Promise<boolean> {
    const touched = await stat(this.#lock).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    );
    // The number of an ended process may be another one's by now.
    if (Date.now() - touched > abandonedMs) return false;
    const owner = Number.parseInt(await readFile(this.#lock, 'utf8').catch(() => ''), 10);
    // It was just made, and its owner's number is not written yet.
    if (!Number.isSafeInteger(owner) || owner <= 0) return true;
    try {
      process.kill(owner, 0);
      return true;
    } catch (error) {
      return error instanceof Error && 'code' in error && error.code === 'EPERM';
    }
  }
}
