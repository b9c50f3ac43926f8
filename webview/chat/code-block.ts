import { longestCode } from '../../extension/protocol/webview.ts';
import { element, iconButton } from '../common/dom.ts';
import type { Host } from '../common/host.ts';
import type { CodeBlock } from './markdown.ts';

/** How long a button shows its confirmation. */
const confirmationMs = 1_500;

/** A block of code with its language, and buttons to copy it and to insert it into the editor. */
export function codeBlock({ info, code }: CodeBlock, host: Host): HTMLElement {
  // Focusable, so that the keyboard can scroll long lines.
  const text = element('pre', { attributes: { tabindex: '0' } }, element('code', {}, code));
  // The fence's own line break is not part of the code.
  const content = code.replace(/\n$/u, '');
  const usable = content !== '' && content.length <= longestCode;
  return element(
    'div',
    { class: 'code-block' },
    element(
      'div',
      { class: 'code-header' },
      element('span', { class: 'code-language' }, info),
      usable ? copyButton('Copy Code', { type: 'copy-code', text: content }, host) : null,
      usable ? insertButton(content, host) : null,
    ),
    text,
  );
}

/** A button that inserts code at the cursor of the active editor. */
export function insertButton(code: string, host: Host): HTMLButtonElement {
  return iconButton('insert', 'Insert at Cursor', () => {
    host.post({ type: 'insert', text: code });
  });
}

/** A button that copies and then shows a confirming icon. */
export function copyButton(
  label: string,
  message: Parameters<Host['post']>[0],
  host: Host,
): HTMLButtonElement {
  const made = iconButton('copy', label, () => {
    host.post(message);
    made.firstElementChild?.classList.replace('codicon-copy', 'codicon-check');
    setTimeout(() => {
      made.firstElementChild?.classList.replace('codicon-check', 'codicon-copy');
    }, confirmationMs);
  });
  return made;
}
