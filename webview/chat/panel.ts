import { element, icon } from '../common/dom.ts';
import type { Child } from '../common/dom.ts';

export type Tone = 'plain' | 'warning' | 'error';

/** A titled box above the conversation. */
export function panel(
  iconName: string,
  title: string,
  children: readonly Child[],
  tone: Tone = 'plain',
): HTMLElement {
  return element(
    'section',
    { class: `panel ${tone}` },
    element('h2', { role: 'status' }, icon(iconName), element('span', {}, title)),
    ...children,
  );
}

/** A paragraph of a panel. */
export function paragraph(text: string): HTMLElement {
  return element('p', {}, text);
}

/** The row of a panel's buttons. */
export function actionRow(...children: readonly HTMLElement[]): HTMLElement {
  return element('div', { class: 'panel-actions' }, ...children);
}
