/** An answer of passages: one sentence, and lines of the repository verbatim. */

import type { Turn } from '../../extension/protocol/webview.ts';
import { element } from '../common/dom.ts';
import { referenceLink } from './reference.ts';
import type { Reference } from './mentions.ts';

type Result = Extract<Turn['status'], { kind: 'done' }>['result'];
type Passage = Result['passages'][number];

/** Shows the sentence and the passages; each opens its file at its lines. */
export function passagesView(
  { answer, passages }: Pick<Result, 'answer' | 'passages'>,
  onOpen: (reference: Reference) => void,
): HTMLElement[] {
  const lead = element('p', { class: 'passages-lead' }, answer);
  if (passages.length === 0) return [lead];
  const list = element(
    'ol',
    { class: 'passages', label: 'Passages' },
    ...passages.map((passage) => passageView(passage, onOpen)),
  );
  return [lead, list];
}

function passageView(
  { path, fromLine, toLine, line, text }: Passage,
  onOpen: (reference: Reference) => void,
): HTMLElement {
  const range = fromLine === toLine ? String(fromLine) : `${String(fromLine)}-${String(toLine)}`;
  const link = referenceLink(`${path}:${range}`, { path, fromLine: line, toLine: line }, onOpen);
  const lines = text.split('\n').map((content, index) => {
    const sought = fromLine + index === line;
    return element('span', { class: sought ? 'passage-line sought' : 'passage-line' }, content);
  });
  const code = element('code', {}, ...lines);
  const block = element('pre', {}, code);
  // Focusable, so that the keyboard can scroll long lines.
  block.tabIndex = 0;
  block.setAttribute('aria-label', `${path}, lines ${range}`);
  return element('li', { class: 'passage' }, link, block);
}
