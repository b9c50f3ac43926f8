/** The map itself: a canvas, and over it one element that has the focus and says where it is. */

import { element, fill } from '../common/dom.ts';
import { contextAttribute } from '../common/file-context.ts';
import { factsOf, nameOf, titleOf } from './describe.ts';
import type { FolderNode, MapNode } from './file-tree.ts';
import { Labels } from './labels.ts';
import { boxAt, layoutMap, target, targets } from './layout.ts';
import type { Box } from './layout.ts';
import { neighbour } from './neighbours.ts';
import type { Direction } from './neighbours.ts';
import { paint } from './paint.ts';
import { contextOf, PaletteReader } from './palette.ts';
import { Tooltip } from './tooltip.ts';

export interface StageOptions {
  /** Called with what is clicked, or with what Enter is pressed on. */
  readonly onPick: (node: MapNode) => void;
  /** Called for Escape. */
  readonly onOut: () => void;
  /** Called with what the keys act on, and whether it is another than before or only has new numbers. */
  readonly onMove: (node: MapNode, moved: boolean) => void;
  /** What the editor's context menu is told of a file or folder; null: of none. */
  readonly contextOf: (node: MapNode | null) => string;
}

/** What is drawn. */
export interface Shown {
  readonly folder: FolderNode;
  readonly found: ((node: MapNode) => boolean) | null;
  readonly overlay: boolean;
}

const arrows: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

/** Arrow keys move, Enter and a click pick, Escape goes back. */
export class Stage {
  readonly root: HTMLElement;
  readonly #options: StageOptions;
  readonly #canvas = element('canvas', { attributes: { 'aria-hidden': 'true' } });
  readonly #context = contextOf(this.#canvas, { alpha: false });
  readonly #colours = new PaletteReader();
  readonly #labels = new Labels();
  readonly #tree = element('div', {
    class: 'map-tree',
    role: 'tree',
    label: 'Map of the memory',
    attributes: { 'aria-describedby': 'map-keys' },
  });
  readonly #hover = element('div', { class: 'map-hover', hidden: true });
  readonly #tooltip = new Tooltip();
  #shown: Shown | null = null;
  #boxes: readonly Box[] = [];
  #targets: readonly Box[] = [];
  #current: Box | null = null;
  #frame = 0;

  /** @param options who hears what is done on it */
  constructor(options: StageOptions) {
    this.#options = options;
    this.root = element(
      'div',
      { class: 'map-stage' },
      this.#canvas,
      this.#hover,
      this.#tree,
      this.#tooltip.root,
      this.#colours.root,
    );
    this.root.addEventListener('pointermove', (event) => {
      this.#point(event);
    });
    this.root.addEventListener('pointerleave', () => {
      this.#leave();
    });
    // The editor reads the attribute after this: it is of what is pointed at, or what the keys act on.
    this.root.addEventListener('contextmenu', (event) => {
      this.#offer(event);
    });
    this.root.addEventListener('click', (event) => {
      this.#click(event);
    });
    this.#tree.addEventListener('keydown', (event) => {
      this.#onKey(event);
    });
    new ResizeObserver(() => {
      this.#schedule();
    }).observe(this.root);
    const theme = new MutationObserver(() => {
      this.#schedule();
    });
    theme.observe(document.body, { attributeFilter: ['class'] });
    theme.observe(document.documentElement, { attributeFilter: ['style', 'class'] });
  }

  /** Draws this at once. @param at the path of what the keys act on, where it is to be another */
  show(shown: Shown, at: string | null = null): void {
    this.#shown = shown;
    this.#leave();
    this.#draw(at ?? this.#current?.node.path ?? null);
  }

  /** Puts the focus on what the keys act on. */
  focus(): void {
    this.#item()?.focus();
  }

  /** Moves to a file or folder, or to what holds it here; the focus goes there. */
  moveTo(path: string): void {
    this.#place(this.#boxOf(path) ?? this.#current);
    this.focus();
  }

  #schedule(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw(this.#current?.node.path ?? null);
    });
  }

  #draw(at: string | null): void {
    const shown = this.#shown;
    const { clientWidth: width, clientHeight: height } = this.root;
    if (shown === null || width === 0 || height === 0) return;
    const scale = window.devicePixelRatio;
    const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
    if (this.#canvas.width !== wide) this.#canvas.width = wide;
    if (this.#canvas.height !== high) this.#canvas.height = high;
    this.#context.setTransform(scale, 0, 0, scale, 0, 0);
    this.#boxes = layoutMap(shown.folder, width, height);
    this.#targets = targets(this.#boxes);
    paint(
      this.#context,
      { ...shown, boxes: this.#boxes, palette: this.#colours.read() },
      this.#labels,
    );
    this.#place(at === null ? null : this.#boxOf(at));
  }

  /** The box of a path, or the innermost that can be moved to of the folders around it. */
  #boxOf(path: string): Box | null {
    let best: Box | null = null;
    for (const box of this.#targets) {
      const { node } = box;
      if (node.path === path) return box;
      if (node.kind === 'folder' && path.startsWith(`${node.path}/`)) best = box;
    }
    return best;
  }

  /** Makes a box the current one; the largest where there is none. */
  #place(wanted: Box | null): void {
    const box = wanted ?? this.#targets[0] ?? null;
    const before = this.#current;
    this.#current = box;
    if (box === null) {
      fill(this.#tree);
      return;
    }
    const moved = before?.node.path !== box.node.path || before.node.kind !== box.node.kind;
    const item = this.#itemFor(box, moved);
    frameAt(item, box);
    const attributes = {
      'aria-level': String(box.depth + 1),
      'aria-setsize': String(this.#targets.length),
      'aria-posinset': String(this.#targets.indexOf(box) + 1),
      ...(box.node.kind === 'folder' ? { 'aria-expanded': String(box.kind === 'folder') } : {}),
    };
    for (const [name, value] of Object.entries(attributes)) item.setAttribute(name, value);
    this.#options.onMove(box.node, moved);
  }

  /** A new element for each place: one that only changes its name is not read out again. */
  #itemFor(box: Box, moved: boolean): HTMLElement {
    const before = this.#item();
    if (before !== null && !moved) return before;
    const focused = before?.matches(':focus') === true;
    const item = element('div', {
      class: 'map-item',
      role: 'treeitem',
      label: nameOf(box.node),
      attributes: { tabindex: '0' },
    });
    fill(this.#tree, item);
    if (focused) item.focus();
    return item;
  }

  #item(): HTMLElement | null {
    return this.#tree.querySelector<HTMLElement>('.map-item');
  }

  #onKey(event: KeyboardEvent): void {
    const direction = arrows[event.key];
    const box = this.#current;
    if (box === null) return;
    if (direction !== undefined) {
      const next = neighbour(this.#targets, box, direction);
      if (next !== null) this.#place(next);
    } else if (event.key === 'Home') this.#place(this.#targets[0] ?? null);
    else if (event.key === 'End') this.#place(this.#targets.at(-1) ?? null);
    else if (event.key === 'Enter') this.#options.onPick(box.node);
    else if (event.key === 'Escape') this.#options.onOut();
    else return;
    event.preventDefault();
  }

  #point(event: PointerEvent): void {
    const { left, top, width, height } = this.root.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    const box = boxAt(this.#boxes, x, y);
    this.#hover.hidden = box === null;
    this.root.classList.toggle('over', box !== null);
    if (box === null) this.#tooltip.hide();
    else {
      frameAt(this.#hover, box);
      this.#tooltip.show(titleOf(box.node), factsOf(box.node), { x, y }, { width, height });
    }
  }

  #leave(): void {
    this.#hover.hidden = true;
    this.#tooltip.hide();
  }

  #offer(event: MouseEvent): void {
    const byKey = event.button !== 2 && !event.ctrlKey;
    const box = byKey ? this.#current : this.#boxUnder(event);
    this.root.setAttribute(contextAttribute, this.#options.contextOf(box?.node ?? null));
  }

  #boxUnder(event: MouseEvent): Box | null {
    const { left, top } = this.root.getBoundingClientRect();
    return boxAt(this.#boxes, event.clientX - left, event.clientY - top);
  }

  #click(event: MouseEvent): void {
    const box = this.#boxUnder(event);
    if (box === null) return;
    this.#place(box);
    this.focus();
    this.#options.onPick(box.node);
  }
}

function frameAt(frame: HTMLElement, box: Box): void {
  const { x, y, width, height } = target(box);
  frame.style.setProperty('transform', `translate(${String(x)}px, ${String(y)}px)`);
  frame.style.setProperty('width', `${String(Math.max(2, width))}px`);
  frame.style.setProperty('height', `${String(Math.max(2, height))}px`);
}
