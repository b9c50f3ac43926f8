/** The list of files. Only visible rows exist, so that ten thousand files cost nothing. */

import { rowsMoved } from '../common/list-keys.ts';
import { compactCount, counted, percent } from '../../extension/report/format.ts';
import type { FileShare } from '../../extension/protocol/file-share.ts';
import { setShare } from '../common/bar.ts';
import { element, fill } from '../common/dom.ts';
import { contextAttribute, fileContext, noChoices, pinMark } from '../common/file-context.ts';
import type { FileChoices } from '../common/file-context.ts';
import { scrollToRow, visibleRows } from '../common/visible-rows.ts';

/** As in the editor's own lists and in the style sheet. */
const rowHeight = 22;

/** A list box: arrow keys move; Enter or a click opens. */
export class FileList {
  readonly root: HTMLElement;
  readonly #onOpen: (path: string) => void;
  readonly #rows = element('div', { class: 'rows' });
  #files: readonly FileShare[] = [];
  #choices = noChoices;
  #active = 0;
  #frame = 0;

  /** @param onOpen called with the path of the chosen file */
  constructor(onOpen: (path: string) => void) {
    this.#onOpen = onOpen;
    this.root = element(
      'div',
      {
        class: 'file-list',
        role: 'listbox',
        label: 'Files and the share of each that Loci remembers',
        attributes: { tabindex: '0' },
      },
      this.#rows,
    );
    this.root.addEventListener('scroll', () => {
      this.#schedule();
    });
    this.root.addEventListener('keydown', (event) => {
      this.#onKey(event);
    });
    this.#rows.addEventListener('click', (event) => {
      this.#onClick(event);
    });
    new ResizeObserver(() => {
      this.#schedule();
    }).observe(this.root);
  }

  /** Shows these files, in this order. @param choices what the user has said of them */
  update(files: readonly FileShare[], choices: FileChoices = noChoices): void {
    this.#files = files;
    this.#choices = choices;
    this.#active = Math.max(0, Math.min(this.#active, files.length - 1));
    this.#draw();
  }

  #schedule(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  #draw(): void {
    const { scrollTop, clientHeight } = this.root;
    const { from, to } = visibleRows(scrollTop, clientHeight, rowHeight, this.#files.length);
    this.#rows.style.setProperty('height', `${String(this.#files.length * rowHeight)}px`);
    fill(this.#rows, ...this.#files.slice(from, to).map((file, i) => this.#row(file, from + i)));
    const active = this.#files.length > 0 ? rowId(this.#active) : '';
    this.root.setAttribute('aria-activedescendant', active);
    // The key for the context menu means the active row.
    const { path = null } = this.#files[this.#active] ?? {};
    this.root.setAttribute(contextAttribute, fileContext(path, this.#choices));
  }

  #row(file: FileShare, index: number): HTMLElement {
    const slash = file.path.replace(/\/$/u, '').lastIndexOf('/') + 1;
    const excluded = this.#choices.excluded.has(file.path);
    const facts = excluded
      ? 'excluded, so never read'
      : `${counted(file.tokens, 'token')}, ${percent(file.kept)} held${
          this.#choices.pinned.has(file.path) ? ', pinned' : ''
        }`;
    const bar = element('span', { class: 'bar-fill' });
    setShare(bar, file.kept);
    const row = element(
      'div',
      {
        class: ['row', index === this.#active ? 'active' : '', excluded ? 'excluded' : '']
          .filter((name) => name !== '')
          .join(' '),
        role: 'option',
        title: `${file.path}: ${facts}`,
        label: `${file.path}, ${facts}`,
        attributes: {
          id: rowId(index),
          'aria-selected': String(index === this.#active),
          'aria-setsize': String(this.#files.length),
          'aria-posinset': String(index + 1),
          'data-index': String(index),
          [contextAttribute]: fileContext(file.path, this.#choices),
        },
      },
      element(
        'span',
        { class: 'row-path' },
        nameElement(file.path.slice(slash)),
        pinMark(file.path, this.#choices),
        element('span', { class: 'row-folder' }, file.path.slice(0, Math.max(0, slash - 1))),
      ),
      ...(excluded
        ? [element('span', { class: 'row-left-out' }, 'Excluded')]
        : [
            element('span', { class: 'row-tokens' }, compactCount(file.tokens)),
            element('span', { class: 'bar' }, bar),
            element('span', { class: 'row-share' }, percent(file.kept)),
          ]),
    );
    row.style.setProperty('top', `${String(index * rowHeight)}px`);
    return row;
  }

  #onKey(event: KeyboardEvent): void {
    const page = Math.floor(this.root.clientHeight / rowHeight) - 1;
    const step = rowsMoved(event.key, page, this.#files.length);
    if (step !== null) this.#activate(this.#active + step);
    else if (event.key === 'Enter') this.#open();
    else return;
    event.preventDefault();
  }

  #onClick(event: MouseEvent): void {
    if (!(event.target instanceof Element)) return;
    const index = event.target.closest('.row')?.getAttribute('data-index');
    if (index === undefined || index === null) return;
    this.#activate(Number(index));
    this.#open();
  }

  #activate(index: number): void {
    this.#active = Math.max(0, Math.min(index, this.#files.length - 1));
    const { scrollTop, clientHeight } = this.root;
    this.root.scrollTop = scrollToRow(this.#active, scrollTop, clientHeight, rowHeight);
    this.#draw();
  }

  #open(): void {
    const file = this.#files[this.#active];
    if (file !== undefined && !file.path.endsWith('/')) this.#onOpen(file.path);
  }
}

/**
 * Characters at the end of a name that are always shown: most extensions and what precedes them.
 */
const endLength = 8;

/** A name that is shortened in its middle if there is no room. */
function nameElement(name: string): HTMLElement {
  const characters = Array.from(name);
  const cut = Math.max(0, characters.length - endLength);
  return element(
    'span',
    { class: 'row-name' },
    // An empty part would have no baseline.
    cut === 0
      ? null
      : element('span', { class: 'row-name-start' }, characters.slice(0, cut).join('')),
    element('span', { class: 'row-name-end' }, characters.slice(cut).join('')),
  );
}

function rowId(index: number): string {
  return `file-${String(index)}`;
}
