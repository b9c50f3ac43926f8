/** Where ghost text is offered. */

/** The part of a document that decides. */
export interface DocumentPlace {
  readonly scheme: string;
  /** Whether its path lies in a folder of the workspace that is on disk. */
  readonly inFolder: boolean;
  /** Whether it is shown beside an older state of itself. */
  readonly inDiff: boolean;
}

/**
 * Whether a document is one to complete in, once the folders were read: their files and notebooks,
 * and texts that have no file yet, which are written for the project as a rule. Files from elsewhere,
 * such as the user's own settings, are not: nothing that was read is about them. Nor are comparisons.
 */
export function completesIn({ scheme, inFolder, inDiff }: DocumentPlace): boolean {
  if (inDiff) return false;
  if (scheme === 'untitled') return true;
  return inFolder && (scheme === 'file' || scheme === 'vscode-notebook-cell');
}
