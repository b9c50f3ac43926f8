/** How much of each pinned file is kept for good, where only so many tokens may be. */

export interface PinnedFile {
  readonly path: string;
  /** Its header's and its text's. */
  readonly tokens: number;
}

export interface PinnedRooms {
  /** Tokens from the beginning of each file that are kept for good. */
  readonly rooms: ReadonlyMap<string, number>;
  /** Tokens of pinned files that find no room. */
  readonly left: number;
}

/**
 * Gives the files their room one after the other, so that the first come whole, and of one what is left.
 * @param files in an order that does not change with what is read when
 * @param limit the most tokens that are kept for good
 */
export function pinnedRooms(files: readonly PinnedFile[], limit: number): PinnedRooms {
  const rooms = new Map<string, number>();
  let free = limit;
  let left = 0;
  for (const { path, tokens } of files) {
    const room = Math.min(tokens, free);
    rooms.set(path, room);
    free -= room;
    left += tokens - room;
  }
  return { rooms, left };
}
