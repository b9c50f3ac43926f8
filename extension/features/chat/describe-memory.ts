/** What is remembered, in sentences. */

import { byteSize, counted, fullCount, rememberedTokens } from '../../report/format.ts';
import { summaryOf } from '../../protocol/webview.ts';
import type { MemorySummary, SessionView } from '../../protocol/webview.ts';

/** Describes the memory that answers now, from the state alone. */
export function describeMemory(session: SessionView): string {
  const summary = summaryOf(session);
  if (summary === null) {
    return session.kind === 'reading'
      ? 'Nothing is remembered yet: the repository is being read.'
      : 'Nothing is remembered. Read the repository first.';
  }
  return [
    `Remembers ${rememberedTokens(summary)} in ${byteSize(summary.heldBytes)}, within a budget of ${counted(summary.budgetTokens, 'token')}.`,
    readText(summary),
    `Model: ${summary.model} (${summary.device}). Policy: ${summary.policy}.`,
    skippedText(summary),
    summary.changedFiles === 0
      ? null
      : `${counted(summary.changedFiles, 'file')} changed since they were read.`,
    summary.alert,
    summary.outdated,
    ...summary.notices,
  ]
    .filter((line) => line !== null)
    .join('\n');
}

function readText({ files, totalFiles, tokens, complete }: MemorySummary): string {
  const read = complete
    ? counted(files, 'file')
    : `${fullCount(files)} of ${counted(totalFiles, 'file')}`;
  return `Read: ${read}, ${counted(tokens, 'token')}.`;
}

function skippedText({ skipped }: MemorySummary): string | null {
  if (skipped.length === 0) return null;
  return `Not read: ${skipped.map(({ reason, count }) => `${fullCount(count)} ${reason}`).join(', ')}.`;
}
