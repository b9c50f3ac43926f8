/** What is dragged into the question box, as a question names it. */

import { fileURLToPath } from 'node:url';
import { mentionText } from '../../protocol/mention-text.ts';
import { pathInRoots } from '../editor/workspace-path.ts';
import type { Root } from '../editor/workspace-path.ts';

export interface DroppedMentions {
  /** The mentions, e.g. `@src/a.ts @lib/`; '' if there are none. */
  readonly text: string;
  /** What to say of the rest; null: nothing. */
  readonly hint: string | null;
}

/**
 * Names files and folders of the memory.
 * @param uris as the view sends them, which is not trusted
 * @param roots the folders that were read
 * @param files the engine's paths of the files that were read; null: nothing was read
 */
export function droppedMentions(
  uris: readonly string[],
  roots: readonly Root[],
  files: readonly string[] | null,
): DroppedMentions {
  if (files === null) return { text: '', hint: 'Read this repository first, then drop files.' };
  const known = new Set(files);
  const mentions = new Set<string>();
  let others = 0;
  for (const uri of uris) {
    const path = enginePath(uri, roots);
    const named = path === null ? null : readPath(path, known);
    const text = named === null ? null : mentionText(named);
    if (text === null) others += 1;
    else mentions.add(`@${text}`);
  }
  return { text: [...mentions].join(' '), hint: others === 0 ? null : sentenceOf(others) };
}

function sentenceOf(others: number): string {
  return others === 1
    ? 'Drop files and folders that were read: this one was not.'
    : `Drop files and folders that were read: ${String(others)} of these were not.`;
}

/** Returns the engine's path of an address of a file; null if it is none or in no folder. */
function enginePath(uri: string, roots: readonly Root[]): string | null {
  let file: string;
  try {
    const { protocol, pathname, host } = new URL(uri);
    if (protocol !== 'file:' && protocol !== 'vscode-remote:') return null;
    // The host of a remote address is the machine that this code runs on.
    const server = protocol === 'file:' ? host : '';
    file = fileURLToPath(`file://${server}${pathname}`);
  } catch {
    return null;
  }
  const trimmed = file.length > 1 ? file.replace(/[\\/]+$/u, '') : file;
  const whole = roots.find(({ name, path }) => name !== '' && path === trimmed);
  return whole?.name ?? pathInRoots(trimmed, roots);
}

/** Returns the path of a file that was read, or of a folder that has one, with a slash. */
function readPath(path: string, known: ReadonlySet<string>): string | null {
  if (known.has(path)) return path;
  const folder = `${path}/`;
  for (const file of known) if (file.startsWith(folder)) return folder;
  return null;
}
