/** All conversations of a workspace, in memory and on disk. */

import { plainLine } from '../../../protocol/plain-text.ts';
import type { Turn } from '../../../protocol/webview.ts';
import type { ConversationFiles } from './files.ts';
import { longestTitle, recordOf } from './record.ts';
import type { ConversationRecord } from './record.ts';

const mostConversations = 50;
/** The limit of all conversations in characters of JSON. */
const longestBook = 8_000_000;

export interface BookOptions {
  /** null: there is no folder to keep anything in. */
  readonly files: Pick<
    ConversationFiles,
    'load' | 'write' | 'remove' | 'removeAll' | 'settled'
  > | null;
  /** Whether anything is kept on disk. */
  readonly wanted: () => boolean;
  /** In milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * The conversations of a workspace. Beyond 50 conversations or 8 million characters, the oldest are
 * dropped. What is not to be kept on disk lasts as long as the editor.
 */
export class ConversationBook {
  readonly #options: BookOptions;
  readonly #records = new Map<string, ConversationRecord>();
  /** The length of each record as JSON. */
  readonly #lengths = new Map<string, number>();

  /** @param options where and whether to keep */
  constructor(options: BookOptions) {
    this.#options = options;
  }

  /** Reads what was kept; conversations that have begun meanwhile stay. */
  async load(): Promise<void> {
    const { files, wanted } = this.#options;
    if (files === null) return;
    if (!wanted()) {
      files.removeAll();
      return;
    }
    for (const record of await files.load()) {
      if (!this.#records.has(record.id)) this.#set(record);
    }
    this.#dropOldest();
  }

  /** Returns all conversations, the newest first. */
  list(): readonly ConversationRecord[] {
    return [...this.#records.values()].toSorted((one, other) => other.changedAt - one.changedAt);
  }

  /** Returns a conversation; null if there is none of this id. */
  get(id: string): ConversationRecord | null {
    return this.#records.get(id) ?? null;
  }

  /** Adds a conversation, or one that was removed. */
  add(record: ConversationRecord): void {
    this.#set(record);
    this.#keep(record);
    this.#dropOldest();
  }

  /** Begins a conversation with its first turns. */
  begin(id: string, turns: readonly Turn[]): void {
    const record = recordOf(id, null, this.#options.now(), turns);
    if (record !== null) this.add(record);
  }

  /** Replaces the turns of a conversation; one that was removed stays removed. */
  save(id: string, turns: readonly Turn[]): void {
    const before = this.#records.get(id);
    if (before === undefined) return;
    const record = recordOf(id, before.title, this.#options.now(), turns);
    if (record !== null) this.add(record);
  }

  /** Gives a conversation a title; an empty one gives it its first question again. */
  rename(id: string, title: string): void {
    const before = this.#records.get(id);
    // An ellipsis takes one more character.
    const line = plainLine(title, longestTitle - 1);
    if (before !== undefined) this.add({ ...before, title: line === '' ? null : line });
  }

  /** Removes a conversation and returns it; null if there is none of this id. */
  remove(id: string): ConversationRecord | null {
    const record = this.get(id);
    this.#records.delete(id);
    this.#lengths.delete(id);
    this.#options.files?.remove(id);
    return record;
  }

  #set(record: ConversationRecord): void {
    this.#records.set(record.id, record);
    this.#lengths.set(record.id, JSON.stringify(record).length);
  }

  #keep(record: ConversationRecord): void {
    const { files, wanted } = this.#options;
    if (wanted()) files?.write(record);
    else files?.removeAll();
  }

  #dropOldest(): void {
    let length = 0;
    for (const [index, { id }] of this.list().entries()) {
      length += this.#lengths.get(id) ?? 0;
      if (index >= mostConversations || (index > 0 && length > longestBook)) this.remove(id);
    }
  }
}
