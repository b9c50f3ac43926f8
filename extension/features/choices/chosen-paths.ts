/** What a command of a context menu is given: files and folders of the workspace. */

import { stat } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import * as vscode from 'vscode';
import { z } from 'zod';
import { path } from '../../protocol/fields.ts';
import { resolveInside, type Root } from '../editor/workspace-path.ts';

/** A file or folder, and the folder of the workspace that it is in. */
export interface ChosenPath {
  readonly folder: vscode.WorkspaceFolder;
  /** Its path there, with forward slashes. */
  readonly inside: string;
  readonly isFolder: boolean;
}

/** What a row of a view says of itself, see `webview/common/file-context.ts`. */
const rowSchema = z.object({ lociPath: path });

/**
 * Returns what is meant: what is selected in the explorer, the row of a view, or the file in the editor.
 * What lies outside the workspace's folders is left out.
 * @param roots the folders that were read
 */
export async function chosenPaths(
  argument: unknown,
  all: unknown,
  roots: readonly Root[],
): Promise<ChosenPath[]> {
  const chosen = await Promise.all((await uris(argument, all, roots)).map(asChosen));
  return chosen.filter((one) => one !== null);
}

async function uris(
  argument: unknown,
  all: unknown,
  roots: readonly Root[],
): Promise<vscode.Uri[]> {
  const row = rowSchema.safeParse(argument);
  if (row.success) {
    const file = await resolveInside(row.data.lociPath.replace(/\/$/u, ''), roots);
    return file === null ? [] : [vscode.Uri.file(file)];
  }
  const selected = (Array.isArray(all) ? (all as readonly unknown[]) : []).filter(isUri);
  if (selected.length > 0) return selected;
  if (isUri(argument)) return [argument];
  const shown = vscode.window.activeTextEditor?.document.uri;
  return shown === undefined ? [] : [shown];
}

function isUri(value: unknown): value is vscode.Uri {
  return value instanceof vscode.Uri;
}

async function asChosen(uri: vscode.Uri): Promise<ChosenPath | null> {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  if (folder === undefined || uri.scheme !== 'file') return null;
  const inside = relative(folder.uri.fsPath, uri.fsPath).split(sep).join('/');
  if (inside === '') return null;
  const found = await stat(uri.fsPath).catch(() => null);
  return { folder, inside, isFolder: found?.isDirectory() === true };
}
