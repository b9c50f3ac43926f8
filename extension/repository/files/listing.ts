import type { SkippedFile } from '../../protocol/skipped-file.ts';
import type { FileStatements } from './file-statements.ts';
import type { NamedRoot } from './named-root.ts';

/** One file that will be read. */
export interface RepositoryFile {
  /**
   * Relative to its root, with forward slashes; unique in a listing. With several roots it starts
   * with the name of its root.
   */
  readonly path: string;
  readonly absolutePath: string;
  /** The size at the time of listing. */
  readonly bytes: number;
  /** Facts stated about it, if any. */
  readonly stated?: FileStatements;
  /** Whether the user pinned it: what is held of it stays. */
  readonly pinned?: true;
}

export interface Listing {
  /** The roots, with the names that paths start with. */
  readonly roots: readonly NamedRoot[];
  /** In reading order: see `order.ts`. */
  readonly files: readonly RepositoryFile[];
  /** Each file that is left out, and each ignored folder as one entry that ends with `/`. */
  readonly skipped: readonly SkippedFile[];
  /** The sum of the files' sizes. */
  readonly bytes: number;
}
