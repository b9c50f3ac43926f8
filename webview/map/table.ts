/** The map as a table: every file with its numbers, sortable; of a long one only the rows on screen. */

import { rowsMoved } from '../common/list-keys.ts';
import { fullCount, percent } from '../../extension/report/format.ts';
import { element, fill, icon } from '../common/dom.ts';
import { contextAttribute, fileContext, noChoices, pinMark } from '../common/file-context.ts';
import type { FileChoices } from '../common/file-context.ts';
import { scrollToRow, visibleRows } from '../common/visible-rows.ts';
import { keptShare } from './file-tree.ts';
import type { FileNode } from './file-tree.ts';
import { columnKeys, nextTableOrder, sortFiles } from './table-order.ts';
import type { ColumnKey, TableOrder } from './table-order.ts';

const titles: Readonly<Record<ColumnKey, string>> = {
  path: 'File',
  tokens: 'Tokens',
  held: 'Remembered',
  share: 'Share',
  lines: 'Lines',
  changed: 'Changed',
  attended: 'Attention',
};

/** The style sheet has the same. */
const rowHeight = 24;
/** A table of more rows makes only those that are seen. */
const allAtOnce = 1_000;

export interface TableOptions {
  readonly onOpen: (path: string) => void;
  readonly onSort: (order: TableOrder) => void;
}

/** Arrow keys move between rows, Enter and a click open a file. */
export class FileTable {
  readonly root: HTMLElement;
  readonly #options: TableOptions;
  readonly #table = element('table', {});
  readonly #head = element('tr', {});
  readonly #body = element('tbody', {});
  #files: readonly FileNode[] = [];
  #choices = noChoices;
  #active = 0;
  #frame = 0;

  /** @param options who hears what is done in it */
  constructor(options: TableOptions) {
    this.#options = options;
    this.#table.append(
      element('caption', { class: 'visually-hidden' }, 'Files and what is remembered of them'),
      element('thead', {}, this.#head),
      this.#body,
    );
    this.root = element('div', { class: 'map-table', hidden: true }, this.#table);
    this.root.addEventListener('scroll', () => {
      this.#schedule();
    });
    this.#body.addEventListener('keydown', (event) => {
      this.#onKey(event);
    });
    this.#body.addEventListener('click', (event) => {
      const row = event.target instanceof Element ? event.target.closest('tr[data-index]') : null;
      if (row === null) return;
      this.#active = Number(row.getAttribute('data-index'));
      this.#open();
    });
    new ResizeObserver(() => {
      this.#schedule();
    }).observe(this.root);
  }

  /** Shows these files in this order. @param choices what the user has said of them */
  update(files: readonly FileNode[], order: TableOrder, choices: FileChoices = noChoices): void {
    this.#choices = choices;
    this.#files = sortFiles(files, order);
    this.#active = Math.max(0, Math.min(this.#active, files.length - 1));
    this.#table.setAttribute('aria-rowcount', String(files.length + 1));
    const focused = this.#head.contains(document.activeElement);
    fill(this.#head, ...columnKeys.map((key) => this.#heading(key, order)));
    if (focused) this.#head.querySelector<HTMLElement>(`.column-${order.key}`)?.focus();
    this.#draw();
  }

  #heading(key: ColumnKey, order: TableOrder): HTMLElement {
    const sorted = key === order.key;
    const arrow = sorted ? icon(order.descending ? 'arrow-down' : 'arrow-up') : null;
    const button = element(
      'button',
      {
        class: `column column-${key}`,
        onClick: () => {
          this.#options.onSort(nextTableOrder(order, key));
        },
      },
      titles[key],
      arrow,
    );
    button.type = 'button';
    const direction = order.descending ? 'descending' : 'ascending';
    return element(
      'th',
      { attributes: { scope: 'col', ...(sorted ? { 'aria-sort': direction } : {}) } },
      button,
    );
  }

  #schedule(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      if (this.#files.length > allAtOnce) this.#draw();
    });
  }

  #draw(): void {
    if (this.root.hidden) return;
    const { length } = this.#files;
    const { scrollTop, clientHeight } = this.root;
    const { from, to } =
      length > allAtOnce
        ? visibleRows(scrollTop, clientHeight, rowHeight, length)
        : { from: 0, to: length };
    const focused = this.#body.contains(document.activeElement);
    fill(
      this.#body,
      spacer(from),
      ...this.#files.slice(from, to).map((file, i) => this.#row(file, from + i)),
      spacer(length - to),
    );
    // A row that was scrolled away takes the focus with it.
    if (focused) (this.#activeButton() ?? this.#body.querySelector('button'))?.focus();
  }

  #row(file: FileNode, index: number): HTMLElement {
    const cell = (text: string): HTMLElement => element('td', {}, text);
    const excluded = this.#choices.excluded.has(file.path);
    const name = element(
      'button',
      { class: 'reference', attributes: { tabindex: index === this.#active ? '0' : '-1' } },
      file.path,
    );
    name.type = 'button';
    return element(
      'tr',
      {
        attributes: {
          'data-index': String(index),
          'aria-rowindex': String(index + 2),
          [contextAttribute]: fileContext(file.path, this.#choices),
        },
      },
      element(
        'th',
        { title: file.path, attributes: { scope: 'row' } },
        name,
        pinMark(file.path, this.#choices),
      ),
      cell(fullCount(file.tokens)),
      cell(fullCount(Math.round(file.held))),
      cell(excluded ? 'excluded' : sharesText(file)),
      cell(file.lines > 0 ? fullCount(file.lines) : ''),
      cell(file.changed ? 'yes' : ''),
      cell(file.rank === null ? '' : percent(file.attended)),
    );
  }

  #onKey(event: KeyboardEvent): void {
    const page = Math.floor(this.root.clientHeight / rowHeight) - 2;
    const step = rowsMoved(event.key, page, this.#files.length);
    if (step === null) return;
    event.preventDefault();
    this.#active = Math.max(0, Math.min(this.#active + step, this.#files.length - 1));
    const { scrollTop, clientHeight } = this.root;
    // The head stays on screen and takes the height of a row.
    this.root.scrollTop = scrollToRow(this.#active, scrollTop, clientHeight - rowHeight, rowHeight);
    this.#draw();
    this.#activeButton()?.focus({ preventScroll: true });
  }

  #activeButton(): HTMLElement | null {
    return this.#body.querySelector<HTMLElement>('button[tabindex="0"]');
  }

  #open(): void {
    const file = this.#files[this.#active];
    if (file !== undefined && !file.path.endsWith('/')) this.#options.onOpen(file.path);
  }
}

/** The share that is held, and whether it is pinned: the icon beside the name is for the eye alone. */
function sharesText(file: FileNode): string {
  return `${percent(keptShare(file))}${file.pinned ? ', pinned' : ''}`;
}

/** Stands for rows that are not made. */
function spacer(rows: number): HTMLElement | null {
  if (rows <= 0) return null;
  const space = element('tr', { class: 'map-space', attributes: { 'aria-hidden': 'true' } });
  const cell = element('td', { attributes: { colspan: String(columnKeys.length) } });
  cell.style.setProperty('height', `${String(rows * rowHeight)}px`);
  space.append(cell);
  return space;
}
