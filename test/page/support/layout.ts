/** Finds faults of a page's layout: overlapping texts, or texts wider than the page. */

import type { Page } from 'playwright-core';

/**
 * Finds pairs of a parent's visible children whose boxes overlap, except sticky ones, which cover
 * scrolling content on purpose.
 */
export function overlaps(page: Page, parents: string): Promise<string[]> {
  return page.evaluate((selector) => {
    const found: string[] = [];
    const name = (node: Element): string => `${node.className}: ${node.textContent}`;
    for (const parent of document.querySelectorAll(selector)) {
      const boxes = [...parent.children]
        .filter((child) => child.checkVisibility() && !child.matches('.visually-hidden'))
        .filter((child) => getComputedStyle(child).position !== 'sticky')
        .map((child) => ({ child, box: child.getBoundingClientRect() }))
        .filter(({ box }) => box.width > 0);
      for (const [i, one] of boxes.entries()) {
        for (const other of boxes.slice(i + 1)) {
          const apart =
            one.box.right <= other.box.left + 0.5 ||
            other.box.right <= one.box.left + 0.5 ||
            one.box.bottom <= other.box.top + 0.5 ||
            other.box.bottom <= one.box.top + 0.5;
          if (!apart) found.push(`${name(one.child)} | ${name(other.child)}`);
        }
      }
    }
    return found;
  }, parents);
}

/** Finds elements whose text does not fit their box, however they handle the rest. */
export function cut(page: Page, selector: string): Promise<string[]> {
  return page.evaluate(
    (sought) =>
      [...document.querySelectorAll(sought)]
        .filter((node) => node.checkVisibility() && node.scrollWidth > node.clientWidth + 1)
        .map((node) => `${node.className}: ${node.textContent}`),
    selector,
  );
}

/**
 * Finds elements that extend beyond the right or left edge of the page, or beyond a box that should
 * not scroll sideways.
 * @param scrolling selector of the elements that may scroll sideways
 */
export function sticksOut(page: Page, scrolling: string): Promise<string[]> {
  return page.evaluate((may) => {
    const width = document.documentElement.clientWidth;
    const found = [...document.body.querySelectorAll('*')]
      .filter((node) => node.checkVisibility() && node.closest(may) === null)
      .filter((node) => node.closest('.visually-hidden') === null)
      .filter((node) => {
        const { left, right } = node.getBoundingClientRect();
        if (left < -0.5 || right > width + 0.5) return true;
        const { overflowX } = getComputedStyle(node);
        return overflowX === 'auto' && node.scrollWidth > node.clientWidth;
      });
    return found.map((node) => `${node.localName}.${node.className}`);
  }, scrolling);
}

/**
 * Finds controls that are not completely visible, or are covered by something else.
 * @param selector of the controls
 * @param scroll whether they are scrolled to first
 */
export function outOfReach(page: Page, selector: string, scroll: boolean): Promise<string[]> {
  return page.evaluate(
    ([sought, scrolls]) => {
      const found: string[] = [];
      for (const control of document.querySelectorAll(sought)) {
        if (!control.checkVisibility()) continue;
        if (scrolls) control.scrollIntoView({ block: 'nearest', behavior: 'instant' });
        const { left, right, top, bottom, width } = control.getBoundingClientRect();
        // Within rounded corners, on every side.
        const points = [
          [left + 3, (top + bottom) / 2],
          [right - 3, (top + bottom) / 2],
          [left + width / 2, top + 1],
          [left + width / 2, bottom - 1],
        ] as const;
        const whole = points.every(([x, y]) => {
          const hit = document.elementFromPoint(x, y);
          return hit !== null && control.contains(hit);
        });
        if (!whole) found.push(`${control.className}: ${control.textContent}`);
      }
      return found;
    },
    [selector, scroll] as const,
  );
}
