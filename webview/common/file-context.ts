/** What a row or tile tells the editor of its file, for the context menu that the editor shows. */

/** What the user has said of files, by their paths; those of folders end with a slash. */
export interface FileChoices {
  readonly excluded: ReadonlySet<string>;
}

export const noChoices: FileChoices = { excluded: new Set() };

/**
 * The value of an element's `data-vscode-context`; `chosen-paths.ts` and the menus of `package.json`
 * read it.
 * @param path of a file or folder; null: of none
 */
export function fileContext(path: string | null, { excluded }: FileChoices): string {
  return JSON.stringify({
    preventDefaultContextMenuItems: true,
    ...(path === null ? {} : { lociPath: path, lociExcluded: excluded.has(path) }),
  });
}

/** The attribute that {@link fileContext} is the value of. */
export const contextAttribute = 'data-vscode-context';
