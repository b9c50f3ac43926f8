/** What a row or tile tells the editor of its file, for the context menu that the editor shows. */

import { icon } from './dom.ts';

/** What the user has said of files, by their paths; those of folders end with a slash. */
export interface FileChoices {
  readonly excluded: ReadonlySet<string>;
  readonly pinned: ReadonlySet<string>;
}

export const noChoices: FileChoices = { excluded: new Set(), pinned: new Set() };

/**
 * The value of an element's `data-vscode-context`; `chosen-paths.ts` and the menus of `package.json`
 * read it.
 * @param path of a file or folder; null: of none
 */
export function fileContext(path: string | null, { excluded, pinned }: FileChoices): string {
  return JSON.stringify({
    preventDefaultContextMenuItems: true,
    ...(path === null
      ? {}
      : { lociPath: path, lociExcluded: excluded.has(path), lociPinned: pinned.has(path) }),
  });
}

/** Whether an element's file is pinned, as an icon beside its name; null: it is not. */
export function pinMark(path: string, { pinned }: FileChoices): HTMLElement | null {
  return pinned.has(path) ? icon('pinned', 'pin-mark') : null;
}

/** The attribute that {@link fileContext} is the value of. */
export const contextAttribute = 'data-vscode-context';
