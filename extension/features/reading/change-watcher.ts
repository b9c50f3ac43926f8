/** Hears of changes in the workspace: the memory follows them, or they are counted. */

import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import { memoryOf } from '../../engine-client/session-state.ts';
import type { SessionState } from '../../engine-client/session-state.ts';
import type { OpenResult } from '../../protocol/requests/open.ts';
import { ChangedFiles, normalPath } from './changed-files.ts';
import { Following } from './following.ts';
import type { FollowingOptions } from './following.ts';

/** Builds and saves come in bursts. */
const debounceMs = 1_000;
/** A build that goes on and on is followed in between. */
const longestMs = 10_000;
/** Larger files are not read, so their contents are not compared. */
const largestFile = 256 * 1024;

export interface ChangeWatcherOptions extends Pick<FollowingOptions, 'follow'> {
  /** Called when the number of changed files is another. */
  readonly onChange: () => void;
  /** Whether the memory follows. */
  readonly follows: () => boolean;
  /** Hears why it cannot, and whether the user chose what is left out. */
  readonly onRefused: (error: unknown, chosen: boolean) => void;
}

/** One watcher over all folders of the workspace. */
export class ChangeWatcher implements vscode.Disposable {
  readonly #watcher = vscode.workspace.createFileSystemWatcher('**/*');
  readonly #options: ChangeWatcherOptions;
  readonly #files: ChangedFiles;
  readonly following: Following;
  #told = new Set<string>();
  /** Told of since the reading under way began; null while nothing is read. */
  #sinceReading: Set<string> | null = null;
  /** Whether what is read now goes on where reading was stopped. */
  #continuing = false;
  /** Whether this memory cannot follow. */
  #refused = false;
  #followed = false;
  /** Whether the user chose other files to be left out, which is not followed yet. */
  #chosen = false;
  #result: OpenResult | null = null;
  #timer: NodeJS.Timeout | null = null;

  /** @param options how the memory follows, and who hears of it */
  constructor(options: ChangeWatcherOptions) {
    this.#options = options;
    const { onChange } = options;
    const follow: FollowingOptions['follow'] = async (parameters, signal) => {
      const result = await options.follow(parameters, signal);
      // What was stopped is followed once it has been read to its end.
      if (typeof result?.followed.pendingSeconds === 'number') this.#chosen = false;
      return result;
    };
    this.#files = new ChangedFiles({ fingerprint, onChange });
    this.following = new Following({
      follow,
      onChange,
      onRefused: (error, paths) => {
        options.onRefused(error, this.#chosen);
        this.#refused = true;
        this.#count(paths ?? new Set());
      },
      quietMs: debounceMs,
      longestMs,
    });
    const tell = ({ scheme, fsPath }: vscode.Uri): void => {
      if (scheme === 'file') this.#tell(fsPath);
    };
    this.#watcher.onDidChange(tell);
    this.#watcher.onDidCreate(tell);
    this.#watcher.onDidDelete(tell);
  }

  /** Files that have changed since they were read, and are not being followed. */
  get count(): number {
    return this.#follows ? this.following.pending.length : this.#files.count;
  }

  /** Those of them, as the engine names them. */
  get paths(): readonly string[] {
    return this.#follows ? this.following.pending : this.#files.paths;
  }

  /** To be called with every state of the session, and when the setting is another. */
  update(state: SessionState): void {
    if (state.kind === 'reading') {
      this.#sinceReading ??= new Set();
      this.#continuing = state.cause === 'continued';
    }
    const result = memoryOf(state);
    const before = this.#result;
    const turned = this.#follows !== this.#followed;
    this.#followed = this.#follows;
    if (state.kind === 'reading' || (result === before && !turned)) {
      if (state.kind === 'ready') this.#sinceReading = null;
      return;
    }
    this.#result = result;
    const since = this.#sinceReading;
    this.#sinceReading = null;
    // Other settings, or following, may give the same memory: what has changed since stays changed.
    const readAgain = since !== null || before === null || result?.refined !== before.refined;
    if (readAgain) {
      this.#refused = false;
      this.#followed = this.#follows;
      this.following.reset();
      // It may hold what is left out by now.
      this.#chosen ||= result?.restored === true && result.changed.length > 0;
    }
    if (this.#chosen && result?.complete === true) this.following.tell([]);
    if (result === null) void this.#files.clear();
    else if (this.#follows) this.#follow(result, since, readAgain || turned);
    else if (since !== null && this.#continuing) void this.#files.extend(result, since);
    else if (readAgain || turned) void this.#files.reset(result, since ?? new Set());
    else if (this.#chosen) void this.#files.extend(result, new Set());
  }

  /**
   * The user chose other files to be left out: that is followed at once, or when what is read has been,
   * though changes of files may not be.
   */
  choose(): void {
    this.#chosen = true;
    if (this.#result !== null && this.#sinceReading === null) this.following.tell([]);
  }

  /** Everything that had changed was followed as told: counting begins anew. */
  recount(): void {
    if (!this.#follows) this.#count(new Set());
  }

  get #follows(): boolean {
    return !this.#refused && this.#options.follows();
  }

  /** @param anew whether the memory may be untrue to files that were not told of */
  #follow(result: OpenResult, since: ReadonlySet<string> | null, anew: boolean): void {
    if (!anew || !result.complete) return;
    if (since === null || result.changed.length > 0) this.following.tell(null);
    else if (since.size > 0) this.following.tell([...since]);
  }

  /** From now on changes are counted. @param since paths that have changed already */
  #count(since: ReadonlySet<string>): void {
    this.#followed = false;
    if (this.#result === null) return;
    const changed = new Set([...since].map(normalPath));
    void this.#files.reset(this.#result, changed).then(this.#options.onChange);
  }

  /** Hears of nothing more. */
  dispose(): void {
    this.#watcher.dispose();
    this.following.dispose();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #tell(fsPath: string): void {
    const path = normalPath(fsPath);
    const switched = path.endsWith('/.git/HEAD');
    if (path.includes('/.git/') && !switched) return;
    if (!switched) this.#sinceReading?.add(this.#follows ? fsPath : path);
    if (this.#result === null) return;
    if (this.#follows) {
      // While it is read, what is told goes with the reading's end.
      if (this.#sinceReading === null) this.following.tell(switched ? null : [fsPath]);
      return;
    }
    if (switched) return;
    this.#told.add(path);
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      const paths = [...this.#told];
      this.#told = new Set();
      void this.#files.look(paths);
    }, debounceMs);
  }
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
