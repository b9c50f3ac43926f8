/** The documents of the editor that are not saved, as a question takes them. */

import { longestDocument, mostDocuments } from '../../protocol/requests/ask.ts';
import type { OpenDocument } from '../../protocol/requests/ask.ts';
import { pathInRoots } from './workspace-path.ts';
import type { Root } from './workspace-path.ts';

/** What is asked of a document of the editor's. */
export interface EditedDocument {
  readonly isDirty: boolean;
  readonly uri: { readonly scheme: string; readonly fsPath: string };
  getText(): string;
}

/**
 * Documents of files in the roots that were edited since they were saved; too large ones are left out, and
 * of very many those that were opened first.
 */
export function unsavedDocuments(
  documents: readonly EditedDocument[],
  roots: readonly Root[],
): OpenDocument[] {
  return documents
    .filter(({ isDirty, uri }) => isDirty && uri.scheme === 'file')
    .flatMap((document) => {
      const path = pathInRoots(document.uri.fsPath, roots);
      const text = document.getText();
      return path === null || text.length > longestDocument ? [] : [{ path, text }];
    })
    .slice(-mostDocuments);
}
