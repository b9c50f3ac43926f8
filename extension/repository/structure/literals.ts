/** Literals that a table cannot describe. Each function inspects a bounded part of the text. */

/** The longest regular expression. */
const maxRegularExpression = 1000;

/**
 * The end of the JavaScript regular expression that begins at a slash, or the index after the slash
 * if it is a division. Without a parser, the preceding code decides, as usual.
 * @param before the last characters of the code before it on its line
 */
export function regularExpressionEnd(text: string, at: number, before: string): number {
  const previous = before.trimEnd();
  const mayBegin =
    previous === '' ||
    /[(,=:[!&|?{};+\-*%~^>]$/.test(previous) ||
    /\b(?:return|typeof|case|in|of|do|else|yield|await)$/.test(previous);
  if (!mayBegin) return at + 1;
  let inClass = false;
  const limit = Math.min(text.length, at + maxRegularExpression);
  for (let index = at + 1; index < limit; index++) {
    switch (text.charCodeAt(index)) {
      case 0x0a:
        return at + 1;
      case 0x5c:
        if (text.charCodeAt(index + 1) !== 0x0a) index++;
        break;
      case 0x5b:
        inClass = true;
        break;
      case 0x5d:
        inClass = false;
        break;
      case 0x2f:
        if (!inClass) return index + 1;
    }
  }
  return at + 1;
}

/** The end of the character literal at an apostrophe, or the index after it if there is none. */
export function characterEnd(text: string, at: number): number {
  const isEscape = text.charCodeAt(at + 1) === 0x5c;
  for (let index = at + (isEscape ? 3 : 2); index <= at + (isEscape ? 12 : 3); index++) {
    const character = text.charCodeAt(index);
    if (character === 0x27) {
      const content = text.slice(at + 1, index);
      // One character, perhaps of two UTF-16 units.
      return isEscape || content.length === lengthOfFirst(content) ? index + 1 : at + 1;
    }
    if (character === 0x0a) break;
  }
  return at + 1;
}

function lengthOfFirst(text: string): number {
  return (text.codePointAt(0) ?? 0) > 0xffff ? 2 : 1;
}

/**
 * The terminator of the raw string whose quote is here; null if the quote opens an ordinary one.
 */
export function rawStringClose(
  text: string,
  quote: number,
  syntax: 'c++' | 'rust' | null,
): string | null {
  if (syntax === null || text.charCodeAt(quote) !== 0x22) return null;
  if (syntax === 'c++') {
    if (text.charAt(quote - 1) !== 'R') return null;
    const delimiter = /^[^()\\\s"]{0,16}(?=\()/.exec(text.slice(quote + 1, quote + 18));
    return delimiter === null ? null : `)${delimiter[0]}"`;
  }
  let hashes = 0;
  while (text.charCodeAt(quote - 1 - hashes) === 0x23) hashes++;
  return text.charAt(quote - 1 - hashes) === 'r' ? `"${'#'.repeat(hashes)}` : null;
}
