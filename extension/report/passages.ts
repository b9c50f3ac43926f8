/** Passages as text: the sentence about them, and the lines with their numbers. */

import type { Answer } from '../protocol/answer.ts';

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
