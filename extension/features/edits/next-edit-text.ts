/** The text around the cursor that the next edit is suggested for, and a suggestion in a text. */

import type { LineChange, NextEditParameters } from '../../protocol/requests/next-edit.ts';

/** What is asked of a document of the editor's. */
export interface LinedDocument {
  readonly lineCount: number;
  lineAt(line: number): { readonly text: string };
}

/** Lines and characters on each side of the cursor. */
const mostLines = 120;
const mostCharacters = 6_000;
/** Longer lines were written by no one. */
const longestLine = 1_000;

/**
 * Returns whole lines around a cursor.
 * @returns null in a line that is too long
 */
export function linesAround(
  document: LinedDocument,
  cursor: { readonly line: number; readonly character: number },
): Pick<NextEditParameters, 'line' | 'prefix' | 'suffix'> | null {
  const own = document.lineAt(cursor.line).text;
  if (own.length > longestLine) return null;
  const taken = (step: 1 | -1): string[] => {
    const lines: string[] = [];
    let room = mostCharacters;
    for (let at = cursor.line + step; at >= 0 && at < document.lineCount; at += step) {
      const { text } = document.lineAt(at);
      room -= text.length + 1;
      if (text.length > longestLine || room < 0 || lines.length === mostLines) break;
      lines.push(text);
    }
    return lines;
  };
  const above = taken(-1).reverse();
  return {
    line: cursor.line - above.length + 1,
    prefix: [...above, own.slice(0, cursor.character)].join('\n'),
    suffix: [own.slice(cursor.character), ...taken(1)].join('\n'),
  };
}

/**
 * Returns a text with a suggestion.
 * @param eol the line ends of the text
 * @returns null where the text has no such lines
 */
export function withChange(
  text: string,
  { line, count, lines }: LineChange,
  eol: string,
): string | null {
  const all = text.split(eol);
  if (line - 1 + count > all.length) return null;
  return [...all.slice(0, line - 1), ...lines, ...all.slice(line - 1 + count)].join(eol);
}
