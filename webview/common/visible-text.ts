/**
 * Text of a repository or a model, made safe to look at. Control characters would be invisible, and
 * the bidirectional ones would show code in another order than it runs: both become marks.
 */

export interface VisiblePart {
  readonly text: string;
  /** Whether the text is a mark that stands for a hidden character. */
  readonly mark: boolean;
}

/** Control characters but tab, newline and return; then what embeds, overrides or isolates a direction. */
const hidden = /(?![\t\n\r])[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu;

/** In a text with more of them the marks are not told apart, so that it has few parts. */
const mostMarks = 1_000;

/** Text in pieces: what is shown as it is, and marks in place of hidden characters. */
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

/** The same as one string, for labels and tooltips. */
export function visibleText(text: string): string {
  return text.replace(hidden, markOf);
}

/** The picture of an ASCII control character; the number of any other, as the editor shows it. */
function markOf(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`;
}
