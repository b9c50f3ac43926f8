/** A conversation as a Markdown document. */

import type { Answer, Passage } from '../../../protocol/answer.ts';
import { plainLine, visibleName } from '../../../protocol/plain-text.ts';
import type { Turn } from '../../../protocol/webview.ts';

/** Returns questions as quotations, answers as they were written, and sources. */
export function conversationMarkdown(title: string, turns: readonly Turn[]): string {
  const parts = turns.flatMap((turn, index) => [
    `## Question ${String(index + 1)}`,
    quoted(turn.question),
    ...answerParts(turn),
  ]);
  return `${[`# ${inline(title)}`, ...parts].join('\n\n')}\n`;
}

function answerParts({ answer, status }: Turn): string[] {
  const text = answer.trim() === '' ? [] : [closed(answer.trim())];
  switch (status.kind) {
    case 'waiting':
    case 'answering':
      return [...text, '*Not answered yet.*'];
    case 'stopped':
      return [...text, '*Stopped.*'];
    case 'failed':
      return [...text, `*Failed: ${inline(status.message)}*`];
    case 'done':
      return [...text, ...status.result.passages.map(passageBlock), ...endOf(status.result)];
  }
}

function endOf({ citations, stopReason, notices, answer }: Answer): string[] {
  const sources = citations.map(({ path, line }) => codeSpan(`${path}:${String(line)}`));
  return [
    ...(answer === '' && stopReason !== 'cancelled' ? ['*The answer is empty.*'] : []),
    ...(stopReason === 'cancelled' ? ['*Stopped.*'] : []),
    ...notices.map((text) => `*${inline(text)}*`),
    ...(sources.length === 0 ? [] : [`Sources: ${sources.join(', ')}`]),
  ];
}

function passageBlock({ path, fromLine, toLine, text }: Passage): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  const lines = `${visibleName(path)}:${String(fromLine)}-${String(toLine)}`;
  return `${codeSpan(lines)}\n\n${fence}\n${text.replace(/\n$/u, '')}\n${fence}`;
}

/** A quotation, so that nothing in the question is a heading of the document. */
function quoted(text: string): string {
  return text
    .split(/\r\n|\r|\n/u)
    .map((line) => `> ${line}`.trimEnd())
    .join('\n');
}

/** Ends a block of code that the answer left open, which would take the rest of the document in. */
function closed(answer: string): string {
  let open: string | null = null;
  for (const line of answer.split('\n')) {
    const fence = /^ {0,3}(?<marks>`{3,}|~{3,})(?<info>.*)$/u.exec(line)?.groups;
    const marks = fence?.['marks'] ?? '';
    const info = fence?.['info']?.trim() ?? '';
    if (open === null) {
      if (marks !== '' && !(marks.startsWith('`') && info.includes('`'))) open = marks;
    } else if (marks.startsWith(open) && info === '') open = null;
  }
  return open === null ? answer : `${answer}\n${open}`;
}

/** One line in which nothing is markup. */
function inline(text: string): string {
  return plainLine(text).replace(/[\\`*_[\]<>#|]/gu, String.raw`\$&`);
}

function codeSpan(text: string): string {
  const marks = '`'.repeat(longestRun(text) + 1);
  const space = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return `${marks}${space}${text}${space}${marks}`;
}

/** The longest run of backticks. */
function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/gu) ?? []).map((run) => run.length));
}
