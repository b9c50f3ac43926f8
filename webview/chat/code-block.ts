import { longestCode } from '../../extension/protocol/webview.ts';
import { element, iconButton } from '../common/dom.ts';
import type { Host } from '../common/host.ts';
import type { HighlightedBlocks } from './highlight/highlighted-code.ts';
import type { CodeBlock } from './markdown.ts';

/** How long a button shows its confirmation. */
const confirmationMs = 1_500;

/**
 * A block of code with its language, and buttons to copy it, to insert it into the editor, to apply it
 * to a file and to make a file of it.
 * @param target the file that the answer is about; null: the active editor's
 * @param blocks those of the answer, of which this is the next
 */
export function codeBlock(
  { info, code }: CodeBlock,
  host: Host,
  target: string | null,
  blocks: HighlightedBlocks,
): HTMLElement {
  // Focusable, so that the keyboard can scroll long lines.
  const text = element('pre', { attributes: { tabindex: '0' } }, blocks.next(info, code));
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
      usable ? applyButton(content, info, target, host) : null,
      usable
        ? iconButton('new-file', 'New File with This Code', () => {
            host.post({ type: 'new-file', text: content, language: wordOf(info) });
          })
        : null,
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

/** A button that proposes code as a change of a file. */
function applyButton(
  text: string,
  info: string,
  target: string | null,
  host: Host,
): HTMLButtonElement {
  const path = namedIn(info) ?? target;
  const label = path === null ? 'Apply to the Open File…' : `Apply to ${path}…`;
  return iconButton('git-compare', label, () => {
    host.post({ type: 'apply', text, path });
  });
}

/** The language of a fence. */
function wordOf(info: string): string {
  return (/^[^\s:{]*/u.exec(info.trim())?.[0] ?? '').slice(0, 100);
}

/** The file that a fence names: `ts src/a.ts`, `ts:src/a.ts`, `src/a.ts`, `title="src/a.ts"`. */
function namedIn(info: string): string | null {
  return /(?:^|[\s:="'])(?<path>[^\s:="']+\/[^\s:="']*\.\w+)/u.exec(info)?.groups?.['path'] ?? null;
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
