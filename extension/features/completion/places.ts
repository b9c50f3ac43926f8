/** Decides where ghost text is offered. */

/** The part of a document that decides. */
export interface DocumentPlace {
  readonly scheme: string;
  /** Whether its path is in a folder of the workspace that is on disk. */
  readonly inFolder: boolean;
  /** Whether it is shown beside an older version of itself. */
  readonly inDiff: boolean;
}

/**
 * Returns whether to complete in a document, once the folders are read: yes for their files and
 * notebooks, and for texts without a file, which usually belong to the project. No for files from
 * elsewhere, such as the user's settings, because the memory does not cover them, and for
 * comparisons.
 */
export function completesIn({ scheme, inFolder, inDiff }: DocumentPlace): boolean {
  if (inDiff) return false;
  if (scheme === 'untitled') return true;
  return inFolder && (scheme === 'file' || scheme === 'vscode-notebook-cell');
}
