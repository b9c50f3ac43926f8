/**
 * Decides what `**` means. The only emphasis is **double stars** around whole words: models write
 * these, while single stars and underscores are far more often code (`*args`, `__main__`, `2*x*3`).
 */

/** Characters before stars that do not open, or after stars that do not close: code. */
const inWord = /[\p{Lu}\p{Ll}\p{Lt}\p{Lm}\p{N}_/\\$*]/u;
const opensWith = /[\p{L}\p{N}`"'“‘(_.[$<@#-]/u;
const closesWith = /[^\s*/\\({[,]/u;

/** The rest of a file's name: `**a**.ts`. */
const joins = /^[.-][\p{L}\p{N}]/u;

export interface Stars {
  readonly opens: boolean;
  readonly closes: boolean;
}

/**
 * Returns whether the two stars at an offset can open or close.
 * @returns null if there are not exactly two
 */
export function starsAt(text: string, at: number): Stars | null {
  if (!text.startsWith('**', at) || text[at - 1] === '*' || text[at + 2] === '*') return null;
  const before = characterBefore(text, at);
  const after = String.fromCodePoint(text.codePointAt(at + 2) ?? 0x20);
  return {
    opens: !inWord.test(before) && opensWith.test(after),
    closes:
      closesWith.test(before) && !inWord.test(after) && !joins.test(text.slice(at + 2, at + 5)),
  };
}

/**
 * Returns whether a line has words in double stars outside its `code`.
 * @param ended whether the line is complete
 */
export function findBold(line: string, ended: boolean): boolean {
  let opened = false;
  let quotes = 0;
  let scanned = 0;
  for (let at = line.indexOf('**'); at !== -1; at = line.indexOf('**', at + 2)) {
    for (; scanned < at; scanned++) if (line[scanned] === '`') quotes += 1;
    if (quotes % 2 === 1) continue;
    const stars = starsAt(line, at);
    if (stars === null) continue;
    if (opened && stars.closes && (ended || at + 3 < line.length)) return true;
    opened ||= stars.opens;
  }
  return false;
}

function characterBefore(text: string, at: number): string {
  const low = text.charCodeAt(at - 1);
  const paired = low >= 0xdc00 && low <= 0xdfff && at > 1;
  return paired ? text.slice(at - 2, at) : (text[at - 1] ?? ' ');
}
