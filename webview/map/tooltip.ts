/** What is pointed at, in numbers; decoration: who does not see it hears the line below the map. */

import { element, fill } from '../common/dom.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

const distance = 14;

/** One tooltip within a box that it does not leave. */
export class Tooltip {
  readonly root = element('div', {
    class: 'map-tooltip',
    hidden: true,
    attributes: { 'aria-hidden': 'true' },
  });

  /** Shows it beside a point, where there is most room. @param within the size of what it is in */
  show(
    title: string,
    facts: readonly string[],
    { x, y }: Point,
    within: { readonly width: number; readonly height: number },
  ): void {
    fill(
      this.root,
      element('div', { class: 'map-tooltip-title' }, title),
      ...facts.map((fact) => element('div', {}, fact)),
    );
    this.root.hidden = false;
    const { offsetWidth: width, offsetHeight: height } = this.root;
    const beside = (at: number, size: number, all: number): number =>
      Math.max(
        0,
        at + distance + size <= all ? at + distance : Math.min(at - distance - size, all),
      );
    const [left, top] = [beside(x, width, within.width), beside(y, height, within.height)];
    this.root.style.setProperty('transform', `translate(${String(left)}px, ${String(top)}px)`);
  }

  /** Hides it. */
  hide(): void {
    this.root.hidden = true;
  }
}
