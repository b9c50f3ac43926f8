/** Applies code of an answer to a file, or makes a file of it. */

import * as vscode from 'vscode';
import { resolveInside } from '../editor/workspace-path.ts';
import type { Root } from '../editor/workspace-path.ts';
import { placeCode } from './place-code.ts';
import type { Span } from './place-code.ts';
import type { Proposals } from './proposals.ts';

/**
 * Proposes code as a change of a file.
 * @param path as the engine names it; null, or a file that is gone: the active editor's
 */
export async function applyCode(
  code: string,
  path: string | null,
  roots: readonly Root[],
  proposals: Proposals,
): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const file = path === null ? null : await resolveInside(path, roots);
  const document = file === null ? editor?.document : await opened(file);
  if (document === undefined) {
    void vscode.window.showInformationMessage(
      'Open the file that the code belongs to, then apply it again.',
    );
    return;
  }
  const shown = editor?.document === document ? editor : undefined;
  const selection = shown === undefined || shown.selection.isEmpty ? null : shown.selection;
  const cursor = shown === undefined ? null : document.offsetAt(shown.selection.active);
  const span = selection === null ? null : spanOf(document, selection);
  await proposals.show(document, placeCode(document.getText(), code, span, cursor).text);
}

/** Opens a new, unsaved file with the code. @param language of the answer; unknown ones are ignored */
export async function newFile(content: string, language: string): Promise<void> {
  const known = await vscode.languages.getLanguages();
  const id = languageIds.get(language.toLowerCase()) ?? language.toLowerCase();
  const document = await vscode.workspace.openTextDocument({
    content,
    ...(known.includes(id) ? { language: id } : {}),
  });
  await vscode.window.showTextDocument(document, { preview: false });
}

/** A range of a document, in UTF-16 units. */
export function spanOf(document: vscode.TextDocument, range: vscode.Range): Span {
  return { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
}

/** What models write behind a fence, where the editor has another name for it. */
const languageIds = new Map([
  ['ts', 'typescript'],
  ['tsx', 'typescriptreact'],
  ['js', 'javascript'],
  ['jsx', 'javascriptreact'],
  ['py', 'python'],
  ['rb', 'ruby'],
  ['rs', 'rust'],
  ['sh', 'shellscript'],
  ['bash', 'shellscript'],
  ['shell', 'shellscript'],
  ['c++', 'cpp'],
  ['cs', 'csharp'],
  ['kt', 'kotlin'],
  ['yml', 'yaml'],
  ['md', 'markdown'],
]);

async function opened(file: string): Promise<vscode.TextDocument | undefined> {
  try {
    return await vscode.workspace.openTextDocument(vscode.Uri.file(file));
  } catch {
    return undefined;
  }
}
