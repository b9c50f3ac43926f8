/** Passages as text: a sentence about them, and their numbered lines. */

import type { Answer } from '../protocol/answer.ts';

/** Formats an answer of passages for a terminal and marks the matching lines. */
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
