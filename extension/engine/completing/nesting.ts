/** Brackets and quotes of one line of code, in whatever language. */

/** How the brackets and quotes of a text fit together. */
export interface Nesting {
  /** Where those are that are never closed, and closing brackets that nothing opened. */
  readonly loose: readonly number[];
  /** Where each pair opens and closes. */
  readonly pairs: readonly (readonly [open: number, close: number])[];
}

interface Open {
  readonly at: number;
  readonly closer: string;
}

const closerOf: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const quotes = '"\'`';

/** Reads a line: brackets in quotes do not count, those in `${…}` do. */
export function nestingOf(line: string): Nesting {
  const open: Open[] = [];
  const pairs: [number, number][] = [];
  const loose: number[] = [];
  for (let at = 0; at < line.length; at += 1) {
    const character = line.charAt(at);
    const top = open.at(-1);
    const quoted = top !== undefined && quotes.includes(top.closer);
    const closer = closerOf[character];
    if (quoted && character === '\\') {
      at += 1;
    } else if (top?.closer === character) {
      open.pop();
      pairs.push([top.at, at]);
    } else if (quoted) {
      if (top.closer !== '`' || !line.startsWith('${', at)) continue;
      at += 1;
      open.push({ at, closer: '}' });
    } else if (closer !== undefined) {
      open.push({ at, closer });
    } else if (')]}'.includes(character)) {
      loose.push(at);
    } else if (quotes.includes(character) && opensQuote(line, at)) {
      open.push({ at, closer: character });
    }
  }
  return { loose: [...loose, ...open.map(({ at }) => at)], pairs };
}

/** An apostrophe may belong to a word (`don't`), to a lifetime (`&'a str`) or to a number. */
function opensQuote(line: string, at: number): boolean {
  if (line.charAt(at) !== "'") return true;
  // Prefixes of quotes are shorter.
  const before = line.slice(Math.max(0, at - 4), at);
  const letters = /[\p{L}\p{N}_]+$/u.exec(before)?.[0] ?? '';
  if (letters !== '' && !/^(?:[bcfru]|br|rb|fr|rf|L|U|u8)$/iu.test(letters)) return false;
  if (/[<&]$/u.test(before) && /^'[a-z_]\w*\b(?!')/u.test(line.slice(at))) return false;
  return line.includes("'", at + 1);
}
