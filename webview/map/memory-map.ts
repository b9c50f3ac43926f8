/** The page of the map: what is on it, and which part of the memory it shows. */

import { z } from 'zod';
import { rememberedText } from '../../extension/report/format.ts';
import { summaryOf, toMapSchema } from '../../extension/protocol/webview.ts';
import type { FileShare } from '../../extension/protocol/file-share.ts';
import type { SessionView, ToMap } from '../../extension/protocol/webview.ts';
import { element, fill } from '../common/dom.ts';
import type { Host } from '../common/host.ts';
import { fileContext, noChoices } from '../common/file-context.ts';
import type { FileChoices } from '../common/file-context.ts';
import { pathFilter } from '../common/path-filter.ts';
import { Breadcrumb } from './breadcrumb.ts';
import { foundText, lineOf } from './describe.ts';
import { Details } from './details.ts';
import { fileTree, trail } from './file-tree.ts';
import type { FileMarks, FileNode, FolderNode, MapNode } from './file-tree.ts';
import { legend } from './legend.ts';
import { Stage } from './stage.ts';
import { FileTable } from './table.ts';
import { columnKeys, filesOf } from './table-order.ts';
import { Toolbar } from './toolbar.ts';

const keptSchema = z.object({
  folder: z.string(),
  search: z.string(),
  table: z.boolean(),
  overlay: z.boolean(),
  details: z.boolean(),
  order: z.object({ key: z.enum(columnKeys), descending: z.boolean() }),
});
type Kept = z.infer<typeof keptSchema>;

const keys =
  'Arrow keys move to the neighbour. Enter opens a file or shows a folder. Escape goes back.';

/** The page's elements, kept in step with its messages. */
export class MemoryMap {
  readonly #host: Host;
  readonly #kept: Kept;
  readonly #hint = element('p', { class: 'hint', role: 'status' });
  readonly #content: HTMLElement;
  readonly #breadcrumb = new Breadcrumb((folder) => {
    this.#zoom(folder);
  });
  readonly #toolbar: Toolbar;
  readonly #stage: Stage;
  readonly #table: FileTable;
  readonly #details: Details;
  readonly #line = element('p', { class: 'map-line' });
  readonly #spoken = element('p', { class: 'visually-hidden', role: 'status' });
  readonly #legend = legend();
  #files: readonly FileShare[] = [];
  #marks: FileMarks = { changed: new Set(), attended: new Map(), pinned: new Set() };
  #choices = noChoices;
  #root: FolderNode = fileTree([]);
  #trail: readonly FolderNode[] = [this.#root];

  /** Fills the page and asks for everything there is to show. */
  constructor(host: Host, root: HTMLElement) {
    this.#host = host;
    this.#kept = host.restore(keptSchema, {
      folder: '',
      search: '',
      table: false,
      overlay: true,
      details: false,
      order: { key: 'tokens', descending: true },
    });
    this.#stage = new Stage({
      onPick: (node) => {
        this.#pick(node);
      },
      onOut: () => {
        this.#out();
      },
      onMove: (node, moved) => {
        const line = lineOf(node);
        fill(this.#line, line);
        // Numbers that change by themselves are not read out.
        if (moved) fill(this.#spoken, line);
        this.#details.show(node);
      },
      contextOf: (node) => fileContext(node === null ? null : pathOf(node), this.#choices),
    });
    this.#table = new FileTable({
      onOpen: (path) => {
        host.open(path);
      },
      onSort: (order) => {
        this.#keep({ order });
      },
    });
    this.#details = new Details((path) => {
      host.post({ type: 'inspect', path });
    });
    this.#toolbar = new Toolbar(this.#kept, {
      onChange: (change) => {
        this.#keep(change);
      },
      onFirst: () => {
        this.#toFirstFound();
      },
    });
    this.#content = element(
      'div',
      { class: 'map-content', role: 'main', hidden: true },
      element('div', { class: 'map-bar' }, this.#breadcrumb.root, this.#toolbar.root),
      element(
        'div',
        { class: 'map-middle' },
        this.#stage.root,
        this.#table.root,
        this.#details.root,
      ),
      this.#line,
      this.#spoken,
      this.#legend,
      element('p', { class: 'visually-hidden', attributes: { id: 'map-keys' } }, keys),
    );
    root.append(this.#hint, this.#content);
    host.listen(toMapSchema, (message) => {
      this.#receive(message);
    });
    host.post({ type: 'loaded' });
  }

  #receive(message: ToMap): void {
    switch (message.type) {
      case 'map':
        this.#files = message.files;
        this.#choices = {
          excluded: new Set(message.excluded ?? []),
          pinned: new Set(message.pinned ?? []),
        };
        this.#marks = { ...this.#marks, changed: new Set(message.changed) };
        this.#drawSession(message.session);
        this.#rebuild();
        break;
      case 'session':
        this.#drawSession(message.session);
        break;
      case 'attention':
        this.#marks = {
          ...this.#marks,
          attended: new Map(message.files.map(({ path, share }) => [path, share])),
        };
        this.#rebuild();
        break;
      case 'inspected':
        this.#details.take(message.path, message.retention);
    }
  }

  #drawSession(session: SessionView): void {
    this.#hint.textContent = hint(session, this.#files.length > 0);
    this.#hint.hidden = this.#hint.textContent === '';
    this.#content.hidden = this.#files.length === 0;
  }

  #rebuild(): void {
    this.#root = fileTree(this.#files, { ...this.#marks, pinned: this.#choices.pinned });
    this.#draw();
  }

  /** @param at the path of what the keys are to act on */
  #draw(at: string | null = null): void {
    const { search, table, overlay, details, order } = this.#kept;
    this.#trail = trail(this.#root, this.#kept.folder);
    const folder = this.#trail.at(-1) ?? this.#root;
    const matches = pathFilter(search);
    const sought = search.trim() !== '';
    const found = sought || table ? filesOf(folder).filter(({ path }) => matches(path)) : [];
    this.#breadcrumb.update(this.#trail);
    const attended = this.#marks.attended.size > 0;
    this.#toolbar.update(this.#kept, sought ? foundText(found.length, folder) : '', attended);
    this.#legend.classList.toggle('without-attention', !attended || !overlay);
    this.#legend.classList.toggle('without-changes', this.#root.changedFiles === 0);
    this.#legend.hidden = table;
    this.#line.hidden = table;
    this.#stage.root.hidden = table;
    this.#table.root.hidden = !table;
    this.#details.toggle(details && !table);
    if (table) {
      const excluded = excludedNodes(this.#choices, folder).filter(({ path }) => matches(path));
      this.#table.update([...found, ...excluded], order, this.#choices);
    } else {
      const isFound = (node: MapNode): boolean => matches(node.path);
      this.#stage.show({ folder, overlay, found: sought ? isFound : null }, at);
    }
  }

  #pick(node: MapNode): void {
    if (node.kind === 'file') this.#host.open(node.path);
    else this.#zoom(node);
  }

  #zoom(folder: FolderNode): void {
    const from = this.#trail.at(-1);
    this.#kept.folder = folder.path;
    this.#host.keep(this.#kept);
    // Going out, the keys act on where one came from; going in, on the largest.
    const out = from !== undefined && this.#trail.includes(folder);
    this.#draw(out ? from.path : (folder.children[0]?.path ?? null));
    if (!this.#kept.table) this.#stage.focus();
  }

  #out(): void {
    const above = this.#trail.at(-2);
    if (above !== undefined) this.#zoom(above);
  }

  #toFirstFound(): void {
    const matches = pathFilter(this.#kept.search);
    const [first] = filesOf(this.#trail.at(-1) ?? this.#root)
      .filter(({ path }) => matches(path))
      .sort((a, b) => b.tokens - a.tokens);
    if (first !== undefined && !this.#kept.table) this.#stage.moveTo(first.path);
  }

  #keep(change: Partial<Kept>): void {
    Object.assign(this.#kept, change);
    this.#host.keep(this.#kept);
    this.#draw();
  }
}

/** The path of a folder ends with a slash for the editor's menu; null: all files. */
function pathOf({ kind, path }: MapNode): string | null {
  if (kind === 'file') return path;
  return path === '' ? null : `${path}/`;
}

/** What the user leaves out of a folder has no tile, but a row of the table. */
function excludedNodes({ excluded }: FileChoices, { path: folder }: FolderNode): FileNode[] {
  const inside = [...excluded].filter((path) => folder === '' || path.startsWith(`${folder}/`));
  return filesOf(fileTree(inside.map((path) => ({ path, tokens: 0, kept: 0 }))));
}

/** What to say above the map, or in its place. */
function hint(session: SessionView, shown: boolean): string {
  if (session.kind === 'reading') {
    const { progress } = session;
    const share = progress === null ? 0 : progress.tokens / Math.max(1, progress.totalTokens);
    const so = progress?.phase === 'reading' ? ` (${String(Math.floor(100 * share))} %)` : '';
    return shown
      ? `Loci is reading${so}. The map grows with it.`
      : 'The map appears here while the repository is read.';
  }
  if (session.kind === 'failed' || session.kind === 'restarting') return session.message;
  const summary = summaryOf(session);
  if (summary !== null) return summary.outdated ?? `${rememberedText(summary)}.`;
  return 'Nothing has been read yet. Run Loci: Read Repository to see the map.';
}
