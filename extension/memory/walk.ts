import type { SkippedFile } from '../protocol/engine.ts';

/** One file that will be read. */
export interface RepositoryFile {
  /**
   * Relative to its root, with forward slashes; unique in a listing. With several roots it starts
   * with the name of its root's folder.
   */
  readonly path: string;
  readonly absolutePath: string;
  /** Size when it was listed. */
  readonly bytes: number;
}

export interface Listing {
  /** In the order in which they are read: see `order.ts`. */
  readonly files: readonly RepositoryFile[];
  /** Every file that is left out, and each ignored folder as one entry that ends with `/`. */
  readonly skipped: readonly SkippedFile[];
  /** The sum of the files' sizes. */
  readonly bytes: number;
}

export interface WalkOptions {
  /** Larger files are skipped unread. 256 KiB by default. */
  readonly maxFileBytes?: number;
  /** File operations in flight. 16 by default. */
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
  /** Called now and then with the number of files found so far. */
  readonly onProgress?: (files: number) => void;
}

/**
 * Lists what of one or several folders is to be read.
 * @throws RepositoryError where a root is missing, is no folder or cannot be read; the signal's
 * reason when aborted. Anything below a root that cannot be read is a skipped file.
 */
export async function walkRepository(
  roots: readonly string[],
  options: WalkOptions = {},
): Promise<Listing> {
  await Promise.resolve();
  throw new Error(`Not written yet: ${roots.join()} ${String(options.maxFileBytes)}`);
}

/** One sentence that says why nothing can be read, for a listing without files. */
export function describeEmptyListing(roots: readonly string[], listing: Listing): string {
  throw new Error(`Not written yet: ${roots.join()} ${String(listing.bytes)}`);
}
