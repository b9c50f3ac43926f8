/** What the user says of single files: left out of the memory or taken in again, pinned or unpinned. */

import { join, relative } from 'node:path';
import * as vscode from 'vscode';
import { failureSentence } from '../../engine-client/failure.ts';
import { memoryOf } from '../../engine-client/session-state.ts';
import type { SessionState } from '../../engine-client/session-state.ts';
import type { FileShare } from '../../protocol/file-share.ts';
import type { SkippedFile } from '../../protocol/skipped-file.ts';
import { patternsOf, workspaceRoots, writePatterns } from '../../settings/settings.ts';
import type { PatternSetting } from '../../settings/settings.ts';
import { candidates, pathInRoots } from '../editor/workspace-path.ts';
import type { Root } from '../editor/workspace-path.ts';
import { defineFeature } from '../host/feature.ts';
import type { Host, Part } from '../host/feature.ts';
import { chosenPaths } from './chosen-paths.ts';
import type { ChosenPath } from './chosen-paths.ts';
import { folderOf, patternOf, withoutPattern, withPattern } from './pattern-edits.ts';

type Edit = (patterns: readonly string[], pattern: string) => string[];

const none: readonly SkippedFile[] = [];
const noFiles: readonly FileShare[] = [];

/** Changes the settings; what follows from that is the reading's. */
class Choices implements Part {
  readonly #host: Host;
  #skipped = none;
  #files = noFiles;

  constructor(host: Host) {
    this.#host = host;
    host.choices = () => ({
      excluded: this.#excluded(),
      pinned: [...this.#pinned(), ...this.#pinnedFolders()],
    });
  }

  /** The explorer's menu knows what is left out by absolute paths. */
  update(state: SessionState): void {
    const { skipped = none, files = noFiles } = memoryOf(state) ?? {};
    if (skipped === this.#skipped && files === this.#files) return;
    this.#skipped = skipped;
    this.#files = files;
    const roots = this.#roots;
    const pinned = this.#pinned().flatMap((path) => candidates(path, roots));
    this.#host.setContextKey('pinnedPaths', [...pinned, ...pinnedFolders()]);
    this.#host.setContextKey(
      'excludedPaths',
      this.#excluded().flatMap((path) => candidates(path.replace(/\/$/u, ''), roots)),
    );
  }

  /** Leaves files or folders out. */
  exclude(argument: unknown, all: unknown): Promise<void> {
    return this.#edit('exclude', withPattern, argument, all);
  }

  /** Pins files or folders. */
  pin(argument: unknown, all: unknown): Promise<void> {
    return this.#edit('pin', withPattern, argument, all);
  }

  /** Unpins files or folders. */
  async unpin(argument: unknown, all: unknown): Promise<void> {
    const chosen = await this.#chosen(argument, all);
    const folders = pinnedFolders();
    for (const { folder, inside } of chosen) {
      const absolute = join(folder.uri.fsPath, inside);
      const outer = folders.find((path) => absolute.startsWith(join(path, '/')));
      if (outer !== undefined) {
        const name = relative(folder.uri.fsPath, outer);
        tell(`${inside} is in the pinned folder ${name}: unpin that folder.`);
        return;
      }
    }
    await this.#write('pin', withoutPattern, chosen);
  }

  /** Takes files or folders in again. */
  async include(argument: unknown, all: unknown): Promise<void> {
    const chosen = await this.#chosen(argument, all);
    for (const one of chosen) {
      const outer = this.#excludedAround(one);
      if (outer !== null) {
        tell(`${one.inside} is in the excluded folder ${outer}: include that folder again.`);
        return;
      }
    }
    await this.#write('exclude', withoutPattern, chosen);
  }

  dispose(): void {
    // Nothing is held.
  }

  async #edit(key: PatternSetting, edit: Edit, argument: unknown, all: unknown): Promise<void> {
    await this.#write(key, edit, await this.#chosen(argument, all));
  }

  async #chosen(argument: unknown, all: unknown): Promise<ChosenPath[]> {
    const chosen = await chosenPaths(argument, all, this.#roots);
    if (chosen.length === 0) {
      tell('Choose a file or folder of this workspace in the explorer.');
    }
    return chosen;
  }

  async #write(key: PatternSetting, edit: Edit, chosen: readonly ChosenPath[]): Promise<void> {
    try {
      for (const folder of new Set(chosen.map((one) => one.folder))) {
        const own = chosen.filter((one) => one.folder === folder);
        const before = patternsOf(key, folder.uri);
        const after = own.reduce<readonly string[]>(
          (patterns, { inside, isFolder }) => edit(patterns, patternOf(inside, isFolder)),
          before,
        );
        await writePatterns(key, folder.uri, after);
      }
    } catch (error) {
      void vscode.window.showWarningMessage(failureSentence(error));
    }
  }

  /** The folders that paths are of, also while they are read for the first time. */
  get #roots(): readonly Root[] {
    const { roots } = this.#host.session;
    const [only, ...others] = workspaceRoots();
    const isFirst = roots.length === 0 && only !== undefined && others.length === 0;
    return isFirst ? [{ name: '', path: only }] : roots;
  }

  /** Paths of files that were read and are pinned. */
  #pinned(): string[] {
    return this.#files.filter(({ pinned }) => pinned === true).map(({ path }) => path);
  }

  /** Folders that are pinned by their own paths, as the engine names them. */
  #pinnedFolders(): string[] {
    const roots = this.#roots;
    return pinnedFolders()
      .map((folder) => pathInRoots(folder, roots))
      .filter((path) => path !== null)
      .map((path) => `${path}/`);
  }

  /** Paths that are left out, as the engine names them. */
  #excluded(): string[] {
    return this.#skipped.filter(({ reason }) => reason === 'excluded').map(({ path }) => path);
  }

  /** The excluded folder that a path is in; null: none. */
  #excludedAround({ folder, inside }: ChosenPath): string | null {
    const absolute = join(folder.uri.fsPath, inside);
    const roots = this.#roots;
    const around = this.#excluded().find(
      (path) =>
        path.endsWith('/') &&
        candidates(path.slice(0, -1), roots).some((outer) => absolute.startsWith(join(outer, '/'))),
    );
    return around?.slice(0, -1) ?? null;
  }
}

/** Folders that are pinned by their own paths, absolute; where a setting is invalid, none. */
function pinnedFolders(): string[] {
  try {
    return (vscode.workspace.workspaceFolders ?? []).flatMap(({ uri }) =>
      patternsOf('pin', uri)
        .map(folderOf)
        .filter((folder) => folder !== null)
        .map((folder) => join(uri.fsPath, folder)),
    );
  } catch {
    return [];
  }
}

function tell(text: string): void {
  void vscode.window.showInformationMessage(text);
}

/** Exclusions and pins. */
export const choices = defineFeature({
  activate: (host) => new Choices(host),
  commands: {
    'loci.exclude': (part, argument, all) => part.exclude(argument, all),
    'loci.include': (part, argument, all) => part.include(argument, all),
    'loci.pin': (part, argument, all) => part.pin(argument, all),
    'loci.unpin': (part, argument, all) => part.unpin(argument, all),
  },
});
