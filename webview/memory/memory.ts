/** The memory: how much is held in total and of each file. */

import { z } from 'zod';
import {
  byteSize,
  counted,
  rememberedShare,
  rememberedText,
  rememberedTokens,
} from '../../extension/report/format.ts';
import { summaryOf, toMemorySchema } from '../../extension/protocol/webview.ts';
import type { FileShare } from '../../extension/protocol/file-share.ts';
import type { SessionView, ToMemory } from '../../extension/protocol/webview.ts';
import { Bar } from '../common/bar.ts';
import { element, fill, icon } from '../common/dom.ts';
import type { Host } from '../common/host.ts';
import { noChoices } from '../common/file-context.ts';
import { FileList } from './file-list.ts';
import { arrangeFiles, nextOrder, sortKeys } from './file-order.ts';
import type { SortKey } from './file-order.ts';

const keptSchema = z.object({
  filter: z.string(),
  order: z.object({ key: z.enum(sortKeys), descending: z.boolean() }),
});
type Kept = z.infer<typeof keptSchema>;

const columns: Readonly<Record<SortKey, string>> = { path: 'File', tokens: 'Tokens', held: 'Held' };

/** The view's elements, updated by its messages. */
export class Memory {
  readonly #host: Host;
  readonly #kept: Kept;
  readonly #total = element('p', { class: 'total', role: 'status' });
  readonly #bar = new Bar('Share of the repository that Loci remembers');
  readonly #content = element('div', { class: 'memory-content' });
  readonly #hint = element('p', { class: 'hint' });
  readonly #list: FileList;
  readonly #headers = new Map<SortKey, HTMLButtonElement>();
  readonly #none = element('p', { class: 'hint', hidden: true }, 'No file matches the filter.');
  #files: readonly FileShare[] = [];
  #choices = noChoices;

  /** Fills the page and requests its content. */
  constructor(host: Host, root: HTMLElement) {
    this.#host = host;
    this.#kept = host.restore(keptSchema, {
      filter: '',
      order: { key: 'tokens', descending: true },
    });
    this.#list = new FileList((path) => {
      host.open(path);
    });
    this.#content.append(
      element('div', { class: 'totals' }, this.#total, this.#bar.root),
      this.#filterBox(),
      this.#headerRow(),
      this.#list.root,
      this.#none,
    );
    root.append(this.#hint, this.#content);
    host.listen(toMemorySchema, (message) => {
      this.#receive(message);
    });
    host.post({ type: 'loaded' });
  }

  #receive(message: ToMemory): void {
    if (message.type === 'memory') {
      const { files, excluded = [], pinned = [] } = message;
      this.#files = [...files, ...excluded.map((path) => ({ path, tokens: 0, kept: 0 }))];
      this.#choices = { excluded: new Set(excluded), pinned: new Set(pinned) };
    }
    this.#drawSession(message.session);
    if (message.type === 'memory') this.#drawFiles();
  }

  #drawSession(session: SessionView): void {
    const summary = summaryOf(session);
    this.#content.hidden = summary === null;
    this.#hint.textContent = summary === null ? hint(session) : (summary.outdated ?? '');
    this.#hint.hidden = this.#hint.textContent === '';
    if (summary === null) return;
    fill(
      this.#total,
      element('span', { class: 'total-share' }, rememberedText(summary)),
      element(
        'span',
        { class: 'detail' },
        `${rememberedTokens(summary)}, ${byteSize(summary.heldBytes)}`,
      ),
    );
    this.#total.title = `The budget is ${counted(summary.budgetTokens, 'token')}, ${byteSize(summary.budgetBytes)}.`;
    this.#bar.update(rememberedShare(summary));
  }

  #drawFiles(): void {
    const files = arrangeFiles(this.#files, this.#kept.filter, this.#kept.order);
    this.#list.update(files, this.#choices);
    this.#none.hidden = files.length > 0 || this.#files.length === 0;
    for (const [key, header] of this.#headers) {
      const sorted = key === this.#kept.order.key;
      const direction = this.#kept.order.descending ? 'descending' : 'ascending';
      const arrow = sorted ? icon(this.#kept.order.descending ? 'arrow-down' : 'arrow-up') : null;
      fill(header, columns[key], arrow);
      header.setAttribute('aria-pressed', String(sorted));
      header.title = sorted ? `Sorted ${direction}` : `Sort by ${columns[key].toLowerCase()}`;
    }
  }

  #filterBox(): HTMLElement {
    const input = element('input', {
      class: 'filter',
      label: 'Filter files',
      attributes: { type: 'search', placeholder: 'Filter files', spellcheck: 'false' },
    });
    input.value = this.#kept.filter;
    input.addEventListener('input', () => {
      this.#keep({ filter: input.value });
    });
    return input;
  }

  #headerRow(): HTMLElement {
    const row = element('div', { class: 'list-header', role: 'group', label: 'Sort' });
    for (const key of sortKeys) {
      const header = element('button', {
        class: `column column-${key}`,
        onClick: () => {
          this.#keep({ order: nextOrder(this.#kept.order, key) });
        },
      });
      header.type = 'button';
      this.#headers.set(key, header);
      row.append(header);
    }
    return row;
  }

  #keep(change: Partial<Kept>): void {
    Object.assign(this.#kept, change);
    this.#host.keep(this.#kept);
    this.#drawFiles();
  }
}

const nothingRead = 'Nothing has been read yet.';

/** Returns the text for when there is no memory. */
function hint(session: SessionView): string {
  switch (session.kind) {
    case 'reading':
      return 'The files appear here once the repository has been read.';
    case 'restarting':
    case 'failed':
      return 'There is no memory. The engine stopped or could not read the repository.';
    case 'idle':
      if (session.unloaded === true)
        return 'The memory is on disk. Your next question brings it back.';
      return nothingRead;
    default:
      return nothingRead;
  }
}
