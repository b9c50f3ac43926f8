import type { SkippedFile } from '../../protocol/skipped-file.ts';
import type { FileStatements } from './file-statements.ts';
import type { NamedRoot } from './named-root.ts';

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
  /** What is said of it; absent: nothing. */
  readonly stated?: FileStatements;
}

export interface Listing {
  /** Under the names that paths start with. */
  readonly roots: readonly NamedRoot[];
  /** In the order in which they are read: see `order.ts`. */
  readonly files: readonly RepositoryFile[];
  /** Every file that is left out, and each ignored folder as one entry that ends with `/`. */
  readonly skipped: readonly SkippedFile[];
  /** The sum of the files' sizes. */
  readonly bytes: number;
}
