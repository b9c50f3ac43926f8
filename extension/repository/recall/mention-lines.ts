/** Lines, both from 1 and both included. */
export interface MentionedLines {
  readonly from: number;
  readonly to: number;
}

/** The lines that a text gives beside a path. */
export interface LinesBeside {
  readonly lines: MentionedLines;
  /** Where the path together with its lines ends; the path's own end where they stand apart. */
  readonly end: number;
}

const number = String.raw`(\d{1,7})`;
const to = String.raw`(?:-|–|—|\.\.)`;
const attached = [
  new RegExp(String.raw`:${number}(?:${to}${number}|:\d{1,7})?(?![\d\p{L}])`, 'uy'),
  new RegExp(String.raw`#L${number}(?:C\d{1,7})?(?:${to}L?${number}(?:C\d{1,7})?)?(?!\w)`, 'uy'),
  new RegExp(String.raw`\(${number}(?:\s{0,2}(?:${to}\s{0,2}${number}|,\s{0,2}\d{1,7}))?\)`, 'uy'),
];
const behind = new RegExp(
  String.raw`["'\x60”’»>]?,?\s{1,3}(?:\(\s?)?(?:(?:at|on|in|from)\s)?lines?\s{1,3}${number}(?:\s?(?:${to}|to|and)\s?(?:line\s)?${number})?(?!\d)`,
  'iuy',
);
const before = new RegExp(
  String.raw`\blines?\s{1,3}${number}(?:\s?(?:${to}|to)\s?${number})?\s{1,3}(?:of|in)\s{1,3}(?:the\s)?(?:file\s)?["'\x60“‘«<]?$`,
  'iu',
);
/** No phrase in front of a path is longer. */
const reach = 60;

function lines(from: string, until: string | undefined): MentionedLines {
  const first = Number(from);
  return { from: first, to: until === undefined ? first : Number(until) };
}

/** The lines that stand beside a path in a text: `:3`, `#L3-L7`, `(3)`, `line 3 of`, ` line 3`. */
export function linesBeside(text: string, start: number, end: number): LinesBeside | null {
  for (const pattern of attached) {
    pattern.lastIndex = end;
    const match = pattern.exec(text);
    if (match !== null) {
      return { lines: lines(match[1] ?? '', match[2]), end: end + match[0].length };
    }
  }
  behind.lastIndex = end;
  const match = behind.exec(text) ?? before.exec(text.slice(Math.max(0, start - reach), start));
  return match === null ? null : { lines: lines(match[1] ?? '', match[2]), end };
}
