/**
 * Makes text of a repository or a model safe to display. Control characters would be invisible, and
 * bidirectional ones would show code in another order than it runs, so both become marks.
 */

export interface VisiblePart {
  readonly text: string;
  /** Whether the text is a mark for a hidden character. */
  readonly mark: boolean;
}

/**
 * Control characters except tab, newline and return; and characters that embed, override or isolate
 * a direction.
 */
const hidden = /(?![\t\n\r])[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu;

/** With more marks, they are not separate parts, to limit the number of parts. */
const mostMarks = 1_000;

/** Splits text into visible parts and marks in place of hidden characters. */
export function visibleParts(text: string): VisiblePart[] {
  const parts: VisiblePart[] = [];
  let end = 0;
  for (const { 0: character, index } of text.matchAll(hidden)) {
    if (index > end) parts.push({ text: text.slice(end, index), mark: false });
    parts.push({ text: markOf(character), mark: true });
    if (parts.length > mostMarks) return [{ text: visibleText(text), mark: false }];
    end = index + character.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end), mark: false });
  return parts;
}

/** Returns the same as one string, for labels and tooltips. */
export function visibleText(text: string): string {
  return text.replace(hidden, markOf);
}

/** Returns the symbol of an ASCII control character, or the code of any other, as in the editor. */
function markOf(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`;
}
