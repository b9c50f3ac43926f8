/** Summarises what is held and what was left out, in one expandable line. */

import {
  byteSize,
  counted,
  duration,
  fullCount,
  rememberedText,
  rememberedTokens,
} from '../../extension/report/format.ts';
import type { MemorySummary, SkippedGroup } from '../../extension/protocol/webview.ts';
import { button, element, icon } from '../common/dom.ts';
import type { Host } from '../common/host.ts';

/** Why a group of files was left out. */
const reasonText: Readonly<Record<string, string>> = {
  ignored: 'ignored by .gitignore or .lociignore',
  excluded: 'excluded by you',
  secret: 'may contain secrets',
  binary: 'not text',
  generated: 'generated',
  'too-large': 'too large',
  unreadable: 'not readable',
  disappeared: 'deleted before they were read',
};

export interface SummaryOptions {
  readonly host: Host;
  /** Whether the notices are also inside the expandable part. */
  readonly foldNotices: boolean;
  readonly open: boolean;
  readonly onToggle: (open: boolean) => void;
}

/** Makes the line and, below it, the figures and the files that were not read. */
export function memorySummary(
  summary: MemorySummary,
  { host, foldNotices, open, onToggle }: SummaryOptions,
): HTMLElement {
  const skipped = summary.skipped.reduce((sum, group) => sum + group.count, 0);
  const hidden = [
    foldNotices && summary.notices.length > 0 ? counted(summary.notices.length, 'note') : null,
    skipped > 0 ? `${fullCount(skipped)} not read` : null,
  ].filter((text) => text !== null);
  const details = element(
    'details',
    { class: 'summary' },
    element(
      'summary',
      {},
      icon('chevron-right', 'twistie'),
      element('span', { class: 'summary-held' }, rememberedText(summary)),
      element('span', { class: 'detail' }, hidden.join(', ')),
    ),
    element(
      'div',
      { class: 'summary-body' },
      foldNotices ? noticeList(summary.notices) : null,
      figures(summary),
      ...summary.skipped.map(skippedGroup),
      button('Show memory', 'link', () => {
        host.act('show-memory');
      }),
    ),
  );
  details.open = open;
  details.addEventListener('toggle', () => {
    onToggle(details.open);
  });
  return details;
}

/** Lists what the user must know about this memory. */
export function noticeList(notices: readonly string[]): HTMLElement | null {
  if (notices.length === 0) return null;
  return element(
    'ul',
    { class: 'notices' },
    ...notices.map((text) => element('li', { class: 'note' }, icon('info'), text)),
  );
}

/** The buttons that read missing files or apply new settings; null if neither is needed. */
export function readingActions(
  { complete, outdated }: MemorySummary,
  host: Host,
): HTMLElement | null {
  if (complete && outdated === null) return null;
  const rest = complete
    ? null
    : button('Continue Reading', 'primary', () => {
        host.act('continue');
      });
  const again = button('Read Again', 'secondary', () => {
    host.act('read');
  });
  return element('div', { class: 'header-actions' }, rest, again);
}

function figures(summary: MemorySummary): HTMLElement {
  const rows: [string, string][] = [
    ['Remembered', `${rememberedTokens(summary)}, ${byteSize(summary.heldBytes)}`],
    ['Model', summary.model],
    ['Device', summary.device],
    ['Policy', summary.policy],
    ['Read', `${readFiles(summary)} in ${duration(summary.readSeconds)}`],
    ['Speed', `${counted(Math.round(summary.tokensPerSecond), 'token')}/s`],
    ['Budget', `${counted(summary.budgetTokens, 'token')}, ${byteSize(summary.budgetBytes)}`],
    ['Working set', `${byteSize(summary.workingBytes)} at most, in addition to the budget`],
    ['Allocated', `${byteSize(summary.kvBytes)}, including room for a question`],
  ];
  return element(
    'dl',
    { class: 'figures' },
    ...rows.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]),
  );
}

function readFiles({ files, totalFiles }: MemorySummary): string {
  return files < totalFiles
    ? `${fullCount(files)} of ${counted(totalFiles, 'file')}`
    : counted(files, 'file');
}

function skippedGroup({ reason, count, paths, details }: SkippedGroup): HTMLElement {
  const more = count - paths.length;
  return element(
    'details',
    { class: 'skipped' },
    element(
      'summary',
      {},
      icon('chevron-right', 'twistie'),
      `${fullCount(count)} not read: ${reasonText[reason] ?? reason}`,
    ),
    element(
      'ul',
      {},
      ...paths.map((path, index) => {
        const detail = details?.[index] ?? '';
        return element('li', { title: detail === '' ? path : `${path} ${detail}` }, path);
      }),
      more > 0 ? element('li', { class: 'detail' }, `and ${fullCount(more)} more`) : null,
    ),
  );
}
