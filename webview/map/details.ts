/** One file or folder in numbers, and which layers and heads hold how much of a file. */

import { percent } from '../../extension/report/format.ts';
import type { FileRetention } from '../../extension/protocol/requests/file-retention.ts';
import { setShare } from '../common/bar.ts';
import { element, fill } from '../common/dom.ts';
import { factsOf, titleOf } from './describe.ts';
import type { MapNode } from './file-tree.ts';

/** A file that is left at once is not asked about. */
const restMs = 200;
/** A file whose numbers change by themselves is asked about again after a while. */
const againMs = 2_000;

/** A panel beside the map. It asks for a file's layers when it has been looked at for a moment. */
export class Details {
  readonly root = element('section', { class: 'map-details', label: 'Details', hidden: true });
  readonly #layers = element('div', { class: 'map-layers' });
  readonly #ask: (path: string) => void;
  #node: MapNode | null = null;
  /** What was shown last, and asked about where it is a file. */
  #asked: MapNode | null = null;
  #timer = 0;

  /** @param ask asks what each layer and head holds of a file */
  constructor(ask: (path: string) => void) {
    this.#ask = ask;
  }

  /** Shows or hides the panel. */
  toggle(open: boolean): void {
    this.root.hidden = !open;
    if (open) this.show(this.#node);
    else {
      this.#stop();
      this.#asked = null;
    }
  }

  /** Shows a file or folder; null: nothing. */
  show(node: MapNode | null): void {
    this.#node = node;
    if (this.root.hidden || node === null) return;
    const moved = this.#asked?.path !== node.path || this.#asked.kind !== node.kind;
    const same = !moved && this.#asked?.held === node.held;
    this.#asked = node;
    if (moved) fill(this.#layers);
    fill(
      this.root,
      element('h2', {}, titleOf(node)),
      element('ul', {}, ...factsOf(node).map((fact) => element('li', {}, fact))),
      this.#layers,
    );
    if (moved) this.#stop();
    if (node.kind === 'folder' || same || this.#timer !== 0) return;
    this.#timer = window.setTimeout(
      () => {
        this.#timer = 0;
        this.#ask(node.path);
      },
      moved ? restMs : againMs,
    );
  }

  #stop(): void {
    window.clearTimeout(this.#timer);
    this.#timer = 0;
  }

  /** Takes what was asked for. @param retention null: it cannot be told */
  take(path: string, retention: FileRetention | null): void {
    if (this.#node?.kind !== 'file' || this.#node.path !== path) return;
    if (retention === null) {
      fill(
        this.#layers,
        element('p', { class: 'detail' }, 'What each layer holds is not known now.'),
      );
    } else fill(this.#layers, layerTable(retention));
  }
}

/** A row for each layer: the mean of its heads as a bar and a number, and the least and the most. */
function layerTable({ heads }: FileRetention): HTMLElement {
  const head = ['Layer', 'Mean', '', 'Least head', 'Most head'].map((name) =>
    element('th', { attributes: { scope: 'col' } }, name),
  );
  const rows = heads.map((shares, layer) => {
    const mean = shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length);
    const bar = element('span', { class: 'bar-fill' });
    setShare(bar, mean);
    const least = shares.reduce((before, share) => Math.min(before, share), Infinity);
    const most = shares.reduce((before, share) => Math.max(before, share), 0);
    return element(
      'tr',
      {},
      element('th', { attributes: { scope: 'row' } }, String(layer)),
      element('td', {}, percent(mean)),
      element(
        'td',
        {},
        element('span', { class: 'bar', attributes: { 'aria-hidden': 'true' } }, bar),
      ),
      element('td', {}, percent(Math.min(least, most))),
      element('td', {}, percent(most)),
    );
  });
  return element(
    'table',
    {},
    element('caption', {}, 'Held by each layer'),
    element('thead', {}, element('tr', {}, ...head)),
    element('tbody', {}, ...rows),
  );
}
