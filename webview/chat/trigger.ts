/** Finds what is being typed that can be completed: a mention or a command. */

/** A mention or a command around the caret. */
export interface Trigger {
  readonly kind: 'mention' | 'command';
  /** What is typed behind the mark, without a quote. */
  readonly query: string;
  /** Of the mark. */
  readonly start: number;
  /** Of what a choice replaces. */
  readonly end: number;
}

/** Longer names are not completed. */
const longestQuery = 200;
/** What continues a name behind the caret. */
const continued = /^[\p{L}\p{M}\p{N}_./-]*/u;
const insideName = /[\p{L}\p{M}\p{N}_.-]$/u;
const withoutSpaces =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]$/u;

/** Returns what can be completed at a caret; null if there is nothing. */
export function triggerAt(text: string, caret: number): Trigger | null {
  const before = text.slice(0, caret);
  const command = /^\/(?<query>[a-z]*)$/u.exec(before)?.groups?.['query'];
  if (command !== undefined) {
    const rest = /^[a-z]*/u.exec(text.slice(caret))?.[0] ?? '';
    return { kind: 'command', query: command, start: 0, end: caret + rest.length };
  }
  const line = before.slice(-longestQuery - 2);
  const match = /@(?:(?<quote>["`'])(?<quoted>[^"`'\r\n]*)|(?<plain>[^\s"`'@]*))$/u.exec(line);
  if (match === null) return null;
  const { quote, quoted, plain } = match.groups ?? {};
  const start = caret - match[0].length;
  const earlier = text.slice(Math.max(0, start - 2), start);
  if (insideName.test(earlier) && !withoutSpaces.test(earlier)) return null;
  const query = quoted ?? plain ?? '';
  if (query.length > longestQuery) return null;
  const after = text.slice(caret);
  const rest =
    quote === undefined ? (continued.exec(after)?.[0].length ?? 0) : closedWithin(after, quote);
  return { kind: 'mention', query, start, end: caret + rest };
}

/** The length of the rest of a quotation, its closing quote included; 0 if it is not closed. */
function closedWithin(after: string, quote: string): number {
  const end = after.indexOf(quote);
  const breaks = after.search(/[\r\n]/u);
  return end === -1 || (breaks !== -1 && breaks < end) ? 0 : end + 1;
}
