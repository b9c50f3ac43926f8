/** Passages as text: the sentence about them, and the lines with their numbers. */

import type { Answer, Passage } from '../protocol/answer.ts';
import { visibleName, visibleText } from '../protocol/plain-text.ts';

/** What a terminal shows of an answer that is passages; the lines that were looked for are marked. */
export function passagesText({ answer, passages }: Pick<Answer, 'answer' | 'passages'>): string {
  const blocks = passages.map(({ path, fromLine, toLine, line, text }) => {
    const width = String(toLine).length;
    const lines = text.split('\n').map((content, index) => {
      const number = fromLine + index;
      const mark = number === line ? '>' : ' ';
      return `${mark} ${String(number).padStart(width)}  ${content}\n`;
    });
    return `\n${path}:${String(line)}\n${lines.join('')}`;
  });
  return `${answer}\n${blocks.join('')}`;
}

/** Passages for other agents. */
export interface ShownPassages {
  readonly summary: string;
  readonly passages: Passage[];
  readonly notices: string[];
}

/** An answer's passages, in which characters that cannot be seen are written out. */
export function visiblePassages({
  answer,
  passages,
  notices,
}: Pick<Answer, 'answer' | 'passages' | 'notices'>): ShownPassages {
  return {
    summary: visibleText(answer),
    passages: passages.map(({ path, fromLine, toLine, line, text }) => ({
      path: visibleName(path),
      fromLine,
      toLine,
      line,
      text: visibleText(text),
    })),
    notices: notices.map(visibleText),
  };
}

/** The same as text: the sentence, the passages, the notices. */
export function shownPassagesText({ summary, passages, notices }: ShownPassages): string {
  return withNotices(passagesText({ answer: summary, passages }), notices);
}

/** A text with sentences about it at its end, a line each. */
export function withNotices(text: string, notices: readonly string[]): string {
  return notices.length === 0
    ? text
    : `${text}\n${notices.map((notice) => `${notice}\n`).join('')}`;
}
