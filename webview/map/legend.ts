/** What shades and patterns mean. */

import { element } from '../common/dom.ts';

/** Shares that the ramp names: it is not even, as the shades are not. */
const steps = ['0', '1', '10', '25', '50', '100'] as const;

/** The legend below the map. */
export function legend(): HTMLElement {
  const ramp = steps.map((step) =>
    element(
      'li',
      {},
      element('span', { class: `map-shade map-shade-${step}` }),
      element('span', {}, step === '100' ? '100 % remembered' : step),
    ),
  );
  const entry = (kind: string, text: string): HTMLElement =>
    element(
      'li',
      { class: `map-legend-${kind}` },
      element('span', { class: `map-shade map-mark-${kind}` }),
      text,
    );
  return element(
    'ul',
    { class: 'map-legend detail', label: 'Legend' },
    ...ramp,
    entry('changed', 'changed since it was read'),
    entry('attended', 'attended to by the last question, by rank'),
    element('li', {}, 'Area: tokens'),
  );
}
