/** A line with more characters was not typed by a person, unless it is a paragraph. */
export const longestLine = 5_000;

/** Data within a line is shortened from this number of characters. */
const longestData = 1_000;

/** A source file may have this many long lines for tables; a bundle has more. */
const mostLongLines = 8;
/** The characters kept of a shortened line, so that it remains recognisable. */
const keptCharacters = 200;

const marked = (data: string): string => `[${String(data.length)} characters]`;

/** Base64 or hexadecimal digits, on one line or, in a JSON string, on separate lines. */
const blob = /[\w+/=-]{60,}(?:(?:\\r)?\\n[\w+/=-]{20,})*/g;

/** Whether characters are as mixed as in data, unlike a ruler, a name or a path. */
function isData(text: string): boolean {
  const share = (signs: RegExp): number => (text.match(signs)?.length ?? 0) / text.length;
  return (
    /^(?:0x)?[\da-f]+$/i.test(text) ||
    (new Set(text).size >= 30 && share(/\d/g) > 1 / 40 && share(/[-_=]/g) < 1 / 16)
  );
}

/** Replaces embedded data in a line (images, fonts) by a short mark. */
function shortenBlobs(line: string): string {
  return line.length < longestData
    ? line
    : line.replace(blob, (data) =>
        data.length >= longestData && isData(data) ? marked(data) : data,
      );
}

const dataLine = /^[ \t]*(?:["'](?=.*["'],?$))?([A-Za-z0-9+/]{60,}={0,2})(?:\\n)?(?:["'],?)?$/;
const fewestDataLines = 12;

/** Replaces each run of Base64-only lines by a mark on its first line; the others become empty. */
function shortenDataLines(lines: string[]): void {
  let start = 0;
  for (let index = 0; index <= lines.length; index++) {
    const line = lines[index] ?? '';
    const data = line.length < 60 ? undefined : dataLine.exec(line)?.[1];
    if (data !== undefined && isData(data)) {
      continue;
    }
    if (index - start >= fewestDataLines) {
      const characters = lines.slice(start, index).join('');
      lines.fill('', start, index);
      lines[start] = marked(characters);
    }
    start = index + 1;
  }
}

/** Whether a long line is a paragraph: mostly letters and few programming symbols. */
function isProse(line: string): boolean {
  const share = (signs: RegExp): number => (line.match(signs)?.length ?? 0) / line.length;
  return (
    share(/[;{}()[\]=<>]/g) < 1 / 50 &&
    share(/[\p{L}\p{M}]/gu) > 0.6 &&
    // Some languages have no blanks between words.
    (share(/\s/g) > 1 / 12 || share(/[^\0-\u02ff]/g) > 0.5)
  );
}

const quotes = '"\'`';

/** The index of the closing sign of the literal that begins at `start`, or -1. */
function literalEnd(line: string, start: number, sign: string): number {
  for (let index = start + 1; index < line.length; index++) {
    if (line[index] === '\\') {
      index++;
    } else if (line[index] === sign) {
      return index;
    }
  }
  return -1;
}

/** Shortens the long strings, regular expressions and number tables of a line. */
function shortenLiterals(line: string): string {
  let short = '';
  let copied = 0;
  for (let index = 0; index < line.length; index++) {
    const sign = line[index] ?? '';
    const isPattern =
      sign === '/' && /[=(,:[!&|?{};\s]\s*$/.test(line.slice(Math.max(0, index - 3), index));
    if (!quotes.includes(sign) && !isPattern) {
      continue;
    }
    const end = literalEnd(line, index, sign);
    if (end === -1) {
      continue;
    }
    if (end - index > longestData) {
      short += `${line.slice(copied, index + 1)}${marked(line.slice(index + 1, end))}`;
      copied = end;
    }
    index = end;
  }
  return `${short}${line.slice(copied)}`.replace(
    /[\d\sxXa-fA-F,.+-]{1000,}/g,
    (numbers) => ` ${marked(numbers)} `,
  );
}

/**
 * Shortens what no person reads in a text: embedded data and very long literals become a mark with
 * their length, and a single line that is still too long is cut. Line numbers are kept.
 * @returns null for minified text: most of it is long lines of code, or many lines are
 */
export function shortenLines(text: string): string | null {
  const lines = text.split('\n');
  shortenDataLines(lines);
  let characters = 0;
  let longCharacters = 0;
  let cut = 0;
  let shortened = false;
  for (const [index, line] of lines.entries()) {
    let short = shortenBlobs(line);
    if (short.length > longestLine && !isProse(short)) {
      shortened = true;
      short = shortenLiterals(short);
    }
    characters += short.length;
    if (short.length > longestData && !isProse(short)) {
      longCharacters += short.length;
      if (short.length > longestLine) {
        cut++;
        short = `${short.slice(0, keptCharacters)} ${marked(short.slice(keptCharacters))}`;
      }
    }
    lines[index] = short;
  }
  const minified = shortened && longCharacters > characters / 2;
  return minified || cut > mostLongLines ? null : lines.join('\n');
}
