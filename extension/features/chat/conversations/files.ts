/** Conversations on disk: a file each, replaced as a whole and checked when it is read. */

import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { longestConversation, recordSchema } from './record.ts';
import type { ConversationRecord } from './record.ts';

const extension = '.json';
/** A file that was not finished. */
const unfinished = '.part';
/** UTF-8 takes at most three bytes for a UTF-16 unit; a record has little beside its turns. */
const largestFile = 3 * longestConversation + 10_000;
/** No more files are looked at: others wrote them. */
const mostFiles = 1_000;

/** The files of a workspace's conversations. Changes happen one after the other. */
export class ConversationFiles {
  readonly #folder: string;
  readonly #onFailure: (error: unknown) => void;
  #last: Promise<void> = Promise.resolve();

  /**
   * @param folder is made when something is kept
   * @param onFailure receives what goes wrong; the conversation then stays in memory only
   */
  constructor(folder: string, onFailure: (error: unknown) => void) {
    this.#folder = folder;
    this.#onFailure = onFailure;
  }

  /** Resolves when every change so far has happened or failed. */
  get settled(): Promise<void> {
    return this.#last;
  }

  /** Returns all valid conversations, in no order; what is invalid is left where it is. */
  async load(): Promise<ConversationRecord[]> {
    const records: ConversationRecord[] = [];
    for (const name of await this.#names(extension)) {
      const record = await this.#read(name);
      if (record !== null) records.push(record);
    }
    return records;
  }

  /** Writes or replaces a conversation. */
  write(record: ConversationRecord): void {
    this.#enqueue(async () => {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      const file = path.join(this.#folder, record.id + extension);
      await writeFile(file + unfinished, JSON.stringify(record), { mode: 0o600 });
      await rename(file + unfinished, file);
    });
  }

  /** Deletes a conversation. */
  remove(id: string): void {
    this.#enqueue(() => rm(path.join(this.#folder, id + extension), { force: true }));
  }

  /** Deletes every conversation, the invalid ones too. */
  removeAll(): void {
    this.#enqueue(async () => {
      for (const ending of [extension, unfinished]) {
        for (const name of await this.#names(ending)) await rm(path.join(this.#folder, name));
      }
    });
  }

  async #names(ending: string): Promise<string[]> {
    try {
      const names = await readdir(this.#folder);
      return names.filter((name) => name.endsWith(ending)).slice(0, mostFiles);
    } catch {
      // Nothing has been kept yet.
      return [];
    }
  }

  async #read(name: string): Promise<ConversationRecord | null> {
    try {
      const file = path.join(this.#folder, name);
      const { size } = await stat(file);
      if (size > largestFile) throw new Error(`${name} is too large.`);
      const record = recordSchema.parse(JSON.parse(await readFile(file, 'utf8')));
      if (record.id + extension !== name) throw new Error(`${name} is another conversation.`);
      return record;
    } catch (error) {
      this.#onFailure(error);
      return null;
    }
  }

  #enqueue(change: () => Promise<void>): void {
    this.#last = this.#last.then(change).catch(this.#onFailure);
  }
}
