/** The files that the user pinned: how much of each is kept for good, and what had gone before it was. */

import type { Listing, RepositoryFile } from '../../repository/files/listing.ts';
import { pinnedRooms } from '../../repository/stream/pinned.ts';
import { protectionWithin } from '../../repository/stream/protection.ts';
import type { StreamFile } from '../../repository/stream/stream-file.ts';
import type { StreamIndex } from '../../repository/stream/stream-index.ts';
import type { NativeAddon, NativeMemory, NativeModel } from '../native/contract.ts';
import type { Formats } from '../prompt/formats.ts';
import { pinnedTokensFor, protectedTokensFor } from './budget.ts';

/** The parts of a repository that its pins depend on. */
interface Pinning {
  readonly index: StreamIndex;
  readonly listing: Listing;
  readonly memory: NativeMemory;
  readonly model: Pick<NativeModel, 'info'>;
  readonly addon: Pick<NativeAddon, 'createCancellation'>;
  readonly budgetTokens: number;
  readonly prefix: Int32Array;
  readonly formats: Pick<Formats, 'chat'>;
}

/** Of one repository. The job that owns its memory settles them whenever what is read is another. */
export class Pins {
  readonly #of: Pinning;
  #rooms: ReadonlyMap<string, number> = new Map();
  #left = 0;
  #lost: readonly string[] = [];
  /** What the memory protects of pinned files, as text; null: not known. */
  #applied: string | null = '';

  /** @param repository whose pins these are */
  constructor(repository: Pinning) {
    this.#of = repository;
  }

  /** Tokens of pinned files that find no room within half of the budget. */
  get left(): number {
    return this.#left;
  }

  /** Pinned files of which something had gone before they were pinned: they are to be read again. */
  get lost(): readonly string[] {
    return this.#lost;
  }

  /** How many of a file's first tokens are kept for good; to be asked as it is read. */
  roomFor({ path, pinned }: RepositoryFile, tokens: number): number {
    if (pinned !== true) return 0;
    const used = [...this.#rooms.values()].reduce((sum, room) => sum + room, 0);
    const free = Math.max(0, pinnedTokensFor(this.#of.budgetTokens) - used);
    const room = Math.min(tokens, this.#rooms.get(path) ?? free);
    this.#rooms = new Map(this.#rooms).set(path, room);
    return room;
  }

  /** A memory was read as it is told here; what it protects is not known where something was pinned. */
  restored(pinned: boolean): void {
    this.#applied = pinned ? null : '';
  }

  /** The protection of what was read of the stream, under a budget: one byte a token. */
  protection(budgetTokens: number): Uint8Array {
    const { index, prefix, formats, memory } = this.#of;
    const header = prefix.length - formats.chat.prologue.length;
    this.#plan(budgetTokens);
    const limit = protectedTokensFor(budgetTokens);
    const protect = protectionWithin(index.files, index.tokens, header, limit);
    for (const { from, room } of this.#ranges()) protect.fill(1, from, from + room);
    return protect.slice(0, memory.report().streamTokens);
  }

  /** The memory protects what is planned: it was read or given another budget so. */
  noteApplied(): void {
    this.#applied = this.#key();
  }

  /**
   * Protects what is pinned and nothing else of files' texts, and finds the files that had lost something.
   * @param sizes tokens of files that are read next
   * @throws what the addon rejects with
   */
  async settle(sizes: ReadonlyMap<string, number> = new Map()): Promise<void> {
    const { memory, addon, budgetTokens } = this.#of;
    this.#plan(budgetTokens, sizes);
    if (this.#key() !== this.#applied) {
      const protect = this.protection(budgetTokens);
      await memory.resize({ budgetTokens, protect, cancellation: addon.createCancellation() });
      // Those that are read next have their room, too.
      this.#plan(budgetTokens, sizes);
      this.noteApplied();
    }
    this.#lost = this.#gone();
  }

  /** @param sizes tokens of files that are not in the index */
  #plan(budgetTokens: number, sizes: ReadonlyMap<string, number> = new Map()): void {
    const { listing, index } = this.#of;
    const pinned = listing.files.filter((file) => file.pinned === true);
    const files = pinned.flatMap(({ path }) => {
      const file = index.fileOf(path);
      const tokens = file === null ? sizes.get(path) : file.to - file.from;
      return tokens === undefined ? [] : [{ path, tokens }];
    });
    const { rooms, left } = pinnedRooms(files, pinnedTokensFor(budgetTokens));
    this.#rooms = rooms;
    this.#left = left;
  }

  #ranges(): (Pick<StreamFile, 'path' | 'from'> & { readonly room: number })[] {
    return [...this.#rooms].flatMap(([path, room]) => {
      const file = this.#of.index.fileOf(path);
      return file === null || room === 0 ? [] : [{ path, from: file.from, room }];
    });
  }

  #key(): string {
    return this.#ranges()
      .map(({ from, room }) => `${String(from)}+${String(room)}`)
      .join(' ');
  }

  /** Files of which not every head holds all that is to be kept. */
  #gone(): string[] {
    const ranges = this.#ranges();
    if (ranges.length === 0) return [];
    const { memory, model } = this.#of;
    const pairs = model.info.layerHeads.reduce((sum, heads) => sum + heads, 0);
    const counts = memory.heldCounts();
    return ranges
      .filter(({ from, room }) => counts.subarray(from, from + room).some((held) => held < pairs))
      .map(({ path }) => path);
  }
}
