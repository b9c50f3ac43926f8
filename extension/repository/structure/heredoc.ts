/** The longest heredoc, so that the search for its end takes bounded time. */
const maxLines = 2000;
const maxIndentation = 200;

/**
 * The start of the line after the one that ends a heredoc.
 * @param from the start of its first line
 * @param word the last line equals it or begins with it (PHP: `EOT;`)
 * @returns null if no such line follows within the limit
 */
export function heredocEnd(text: string, from: number, word: string): number | null {
  let at = from;
  for (let line = 0; line < maxLines && at < text.length; line++) {
    let start = at;
    while (start - at < maxIndentation && isIndentation(text.charCodeAt(start))) start++;
    const newline = text.indexOf('\n', start);
    if (text.startsWith(word, start) && !/\w/.test(text.charAt(start + word.length))) {
      return newline === -1 ? text.length : newline + 1;
    }
    if (newline === -1) return null;
    at = newline + 1;
  }
  return null;
}

function isIndentation(character: number): boolean {
  return character === 0x20 || character === 0x09;
}
