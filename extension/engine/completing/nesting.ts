/** Brackets, quotes and tags of code in any language. */

/** How the brackets and quotes of a text fit together. */
export interface Nesting {
  /** Places of unclosed brackets and quotes, and of closing brackets without an opening one. */
  readonly loose: readonly number[];
  /** Those that may still be closed, unlike a single-line quote after its line. */
  readonly open: readonly number[];
  /** The places where each pair opens and closes. */
  readonly pairs: readonly (readonly [open: number, close: number])[];
}

interface Open {
  readonly at: number;
  readonly closer: string;
  /** What begins code in a quote; empty for a bracket. */
  readonly interpolations: readonly string[];
}

const closerOf: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const quotes = '"\'`';

/** Analyses a text: ignores brackets in quotes, except around code such as `${…}`. */
export function nestingOf(text: string): Nesting {
  const open: Open[] = [];
  const pairs: [number, number][] = [];
  const loose: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    const top = open.at(-1);
    const quoted = top !== undefined && quotes.includes(top.closer.charAt(0));
    const closer = closerOf[character];
    if (quoted && character === '\\') {
      at += 1;
    } else if (top !== undefined && text.startsWith(top.closer, at)) {
      open.pop();
      at += top.closer.length - 1;
      pairs.push([top.at, at]);
    } else if (character === '\n' && open.some(endsWithLine)) {
      // Code in the quote ends with it.
      const ended = open.splice(open.findIndex(endsWithLine));
      loose.push(...ended.map((each) => each.at));
    } else if (quoted) {
      const opener = top.interpolations.find((each) => text.startsWith(each, at));
      if (opener === undefined) continue;
      at += opener.length - 1;
      // A doubled brace stands for itself.
      if (opener === '{' && text.charAt(at + 1) === '{') at += 1;
      else open.push({ at, closer: '}', interpolations: [] });
    } else if (closer !== undefined) {
      open.push({ at, closer, interpolations: [] });
    } else if (')]}'.includes(character)) {
      loose.push(at);
    } else if (quotes.includes(character) && opensQuote(text, at)) {
      const tripled = character.repeat(3);
      const long = character !== '`' && text.startsWith(tripled, at);
      const interpolations = interpolationsOf(text, at);
      open.push({ at, closer: long ? tripled : character, interpolations });
      if (long) at += 2;
    }
  }
  const left = open.map(({ at }) => at);
  return { loose: [...loose, ...left], open: left, pairs };
}

function endsWithLine({ closer }: Open): boolean {
  return closer === '"' || closer === "'";
}

/** What begins code in a quote: in f-strings and t-strings (Python), `$"…"` (C#) a brace alone. */
function interpolationsOf(text: string, at: number): readonly string[] {
  const prefix = /[\p{L}\p{N}_$@]*$/u.exec(text.slice(Math.max(0, at - 4), at))?.[0] ?? '';
  if (/^(?:r?[ft]r?|@?\$+@?)$/iu.test(prefix)) return ['{'];
  // JavaScript; Kotlin, Dart, PHP, shells; Ruby.
  if (text.charAt(at) === '`') return ['${'];
  return text.charAt(at) === '"' ? ['${', '#{'] : [];
}

/** An apostrophe may belong to a word (`don't`), to a lifetime (`&'a str`) or to a number. */
function opensQuote(text: string, at: number): boolean {
  if (text.charAt(at) !== "'") return true;
  // Prefixes of quotes are shorter.
  const before = text.slice(Math.max(0, at - 4), at);
  const letters = /[\p{L}\p{N}_]+$/u.exec(before)?.[0] ?? '';
  if (letters !== '' && !/^(?:[bcfrtu]|br|rb|fr|rf|rt|tr|L|U|u8)$/iu.test(letters)) return false;
  const newline = text.indexOf('\n', at);
  const rest = text.slice(at, newline < 0 ? text.length : newline);
  if (/[<&]$/u.test(before) && /^'[a-z_]\w*\b(?!')/u.test(rest)) return false;
  return rest.startsWith("'''") || rest.includes("'", 1);
}

/** How the tags of a text fit together. */
export interface TagNesting {
  /** Where unclosed tags begin. A type in angle brackets looks like a tag. */
  readonly open: readonly number[];
  /** The number of tags without a counterpart, except those that no closing tag names. */
  readonly loose: number;
}

const tag = /<(\/?)([A-Za-z][\w.:-]*)((?:"[^"]*"|'[^']*'|\{[^{}]*\}|=>|[^<>"'{}])*)>/gu;
const neverClosed = /^(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)$/u;

/** Analyses the tags of a text in HTML, Vue, JSX and similar languages. */
export function tagsOf(text: string): TagNesting {
  const open: { readonly at: number; readonly name: string }[] = [];
  const closed = new Set<string>();
  let unopened = 0;
  for (const { index, 1: slash, 2: name = '', 3: attributes = '' } of text.matchAll(tag)) {
    if (slash === '/') {
      closed.add(name);
      const partner = open.findLastIndex((each) => each.name === name);
      if (partner < 0) unopened += 1;
      else open.splice(partner, 1);
    } else if (!attributes.endsWith('/') && !neverClosed.test(name)) {
      open.push({ at: index, name });
    }
  }
  return {
    open: open.map(({ at }) => at),
    loose: unopened + open.filter(({ name }) => closed.has(name)).length,
  };
}

/**
 * Finds the brackets, multi-line quotes and tags that a text after `before` opens and does not
 * close. Only tags at the start of a line count: others may be types.
 * @returns places in `text`, in order.
 */
export function openIn(before: string, text: string): number[] {
  const whole = before + text;
  const tags = tagsOf(whole).open.filter((at) => {
    return whole.slice(whole.lastIndexOf('\n', at) + 1, at).trim() === '';
  });
  return [...nestingOf(whole).open, ...tags]
    .map((at) => at - before.length)
    .filter((at) => at >= 0)
    .sort((a, b) => a - b);
}
