/** Hears of changes in the workspace and counts what they mean for the memory. */

import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import { memoryOf } from '../../engine-client/session-state.ts';
import type { SessionState } from '../../engine-client/session-state.ts';
import type { OpenResult } from '../../protocol/requests/open.ts';
import { ChangedFiles, normalPath } from './changed-files.ts';

/** Builds and saves come in bursts. */
const debounceMs = 1_000;
/** Larger files are not read, so their contents are not compared. */
const largestFile = 256 * 1024;

/** One watcher over all folders of the workspace. */
export class ChangeWatcher implements vscode.Disposable {
  readonly #watcher = vscode.workspace.createFileSystemWatcher('**/*');
  readonly #files: ChangedFiles;
  #told = new Set<string>();
  /** Told of since the reading under way began; null while nothing is read. */
  #sinceReading: Set<string> | null = null;
  /** Whether what is read now goes on where reading was stopped. */
  #continuing = false;
  #result: OpenResult | null = null;
  #timer: NodeJS.Timeout | null = null;

  /** @param onChange called when the number of changed files is another */
  constructor(onChange: () => void) {
    this.#files = new ChangedFiles({ fingerprint, onChange });
    const tell = ({ scheme, fsPath }: vscode.Uri): void => {
      if (scheme === 'file') this.#tell(normalPath(fsPath));
    };
    this.#watcher.onDidChange(tell);
    this.#watcher.onDidCreate(tell);
    this.#watcher.onDidDelete(tell);
  }

  /** Files that have changed since they were read. */
  get count(): number {
    return this.#files.count;
  }

  /** To be called with every state of the session. */
  update(state: SessionState): void {
    if (state.kind === 'reading') {
      this.#sinceReading ??= new Set();
      this.#continuing = state.cause === 'continued';
    }
    const result = memoryOf(state);
    const before = this.#result;
    if (state.kind === 'reading' || result === before) {
      if (state.kind === 'ready') this.#sinceReading = null;
      return;
    }
    this.#result = result;
    const since = this.#sinceReading;
    this.#sinceReading = null;
    if (result === null) void this.#files.clear();
    // Other settings may give the same memory, or a smaller one: what has changed stays changed.
    else if (before !== null && isSameReading(before, result)) return;
    else if (since !== null && this.#continuing) void this.#files.extend(result, since);
    else void this.#files.reset(result, since ?? new Set());
  }

  /** Hears of nothing more. */
  dispose(): void {
    this.#watcher.dispose();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #tell(path: string): void {
    if (path.includes('/.git/')) return;
    this.#sinceReading?.add(path);
    if (this.#result === null) return;
    this.#told.add(path);
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      const paths = [...this.#told];
      this.#told = new Set();
      void this.#files.look(paths);
    }, debounceMs);
  }
}

/** The times that a reading took tell it from every other. */
function isSameReading(one: OpenResult, other: OpenResult): boolean {
  return JSON.stringify(one.timings) === JSON.stringify(other.timings);
}

/** Of the content; null where there is no text file. */
async function fingerprint(path: string): Promise<string | null> {
  try {
    const found = await stat(path);
    if (!found.isFile()) return null;
    if (found.size > largestFile) return `${String(found.size)} ${String(found.mtimeMs)}`;
    const content = await readFile(path);
    return content.includes(0) ? null : createHash('sha256').update(content).digest('base64');
  } catch {
    return null;
  }
}
