/** The files of a memory as a tree of folders, with sums at every folder. */

import type { FileShare } from '../../extension/protocol/file-share.ts';

interface Sums {
  /** The last part of its path; of folders that hold nothing but one other, the parts of both. */
  readonly name: string;
  /** As the engine names it; of a folder without a slash at its end, '' for the whole. */
  readonly path: string;
  readonly tokens: number;
  /** Tokens that are remembered: a mean over layers and heads, so seldom a whole number. */
  readonly held: number;
  readonly lines: number;
  /** The place among the files that the last question attended to, from 1; of a folder its best. */
  readonly rank: number | null;
}

export interface FileNode extends Sums {
  readonly kind: 'file';
  /** Whether it has changed since it was read. */
  readonly changed: boolean;
  /** Whether the user pinned it. */
  readonly pinned: boolean;
  /** Share of the last question's attention, in [0, 1]. */
  readonly attended: number;
}

export interface FolderNode extends Sums {
  readonly kind: 'folder';
  readonly files: number;
  readonly changedFiles: number;
  /** Those with the most tokens first. */
  readonly children: readonly MapNode[];
}

export type MapNode = FileNode | FolderNode;

/** What is known of files beside their shares. */
export interface FileMarks {
  readonly changed: ReadonlySet<string>;
  /** Shares of attention by path, the strongest first. */
  readonly attended: ReadonlyMap<string, number>;
  readonly pinned: ReadonlySet<string>;
}

const noMarks: FileMarks = { changed: new Set(), attended: new Map(), pinned: new Set() };

/** A deeper path keeps its rest in one name, so that no path makes anything deeper than this. */
const deepest = 64;

interface Draft {
  readonly folders: Map<string, Draft>;
  readonly files: FileNode[];
}

const emptyDraft = (): Draft => ({ folders: new Map(), files: [] });

/** The tree of these files; its root has the path ''. */
export function fileTree(files: readonly FileShare[], marks: FileMarks = noMarks): FolderNode {
  const ranks = new Map([...marks.attended.keys()].map((path, index) => [path, index + 1]));
  const root = emptyDraft();
  for (const file of files) {
    const { folders, name } = split(file.path);
    let draft = root;
    for (const folder of folders) {
      const next = draft.folders.get(folder) ?? emptyDraft();
      draft.folders.set(folder, next);
      draft = next;
    }
    draft.files.push({
      kind: 'file',
      name,
      path: file.path,
      tokens: file.tokens,
      held: file.tokens * file.kept,
      lines: file.lineCount ?? 0,
      changed: marks.changed.has(file.path),
      pinned: marks.pinned.has(file.path),
      attended: marks.attended.get(file.path) ?? 0,
      rank: ranks.get(file.path) ?? null,
    });
  }
  return finish(root, '', '', '');
}

/** The folders that a path leads through, and the name at its end. */
function split(path: string): { folders: readonly string[]; name: string } {
  const parts = path.split('/');
  const folders = parts.slice(0, Math.min(parts.length - 1, deepest));
  return { folders, name: parts.slice(folders.length).join('/') || path };
}

/** @param prefix what the paths of its folders begin with */
function finish(draft: Draft, name: string, path: string, prefix: string): FolderNode {
  const children: MapNode[] = [...draft.files];
  for (const [folder, inside] of draft.folders) {
    children.push(finishChain(inside, folder, `${prefix}${folder}`));
  }
  children.sort((a, b) => b.tokens - a.tokens || (a.name < b.name ? -1 : 1));
  const sums = { tokens: 0, held: 0, lines: 0, files: 0, changedFiles: 0 };
  let rank: number | null = null;
  for (const child of children) {
    sums.tokens += child.tokens;
    sums.held += child.held;
    sums.lines += child.lines;
    sums.files += child.kind === 'file' ? 1 : child.files;
    sums.changedFiles += child.kind === 'file' ? Number(child.changed) : child.changedFiles;
    if (child.rank !== null) rank = Math.min(rank ?? Infinity, child.rank);
  }
  return { kind: 'folder', name, path, rank, children, ...sums };
}

/** A folder that holds nothing but another one is drawn as one with it. */
function finishChain(draft: Draft, name: string, path: string): FolderNode {
  let [inside, names, whole] = [draft, name, path];
  while (inside.files.length === 0 && inside.folders.size === 1) {
    for (const [next, deeper] of inside.folders) {
      inside = deeper;
      names = `${names}/${next}`;
      whole = `${whole}/${next}`;
    }
  }
  return finish(inside, names, whole, `${whole}/`);
}

/** The share of a file or folder that is remembered, in [0, 1]. */
export function keptShare({ held, tokens }: Pick<MapNode, 'held' | 'tokens'>): number {
  return tokens === 0 ? 0 : Math.min(1, held / tokens);
}

/** The folder of a path and those above it, from the root on; where it is gone, as far as it is there. */
export function trail(root: FolderNode, path: string): readonly FolderNode[] {
  const found = [root];
  for (let at: FolderNode | undefined = path === '' ? undefined : root; at !== undefined;) {
    at = at.children
      .filter((child) => child.kind === 'folder')
      .find((child) => child.path === path || path.startsWith(`${child.path}/`));
    if (at !== undefined) found.push(at);
  }
  return found;
}
