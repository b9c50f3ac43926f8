/** The hunks of a unified diff. */

/** One hunk; its texts end with a line's end unless they are empty. */
export interface Hunk {
  /** Line of the new text that it begins at, from 1. */
  readonly start: number;
  /** How many lines of the new text it has behind its first row, which Sweep's server leaves out. */
  readonly count: number;
  /** What was there before and is there now, of the lines that differ and those between them. */
  readonly old: string;
  readonly new: string;
  /** The same with the line above and the line below, where the hunk has them. */
  readonly oldWithContext: string;
  readonly newWithContext: string;
}

const header = /^@@ -\d+(?:,\d+)? \+(?<start>\d+)(?:,\d+)? @@/u;

/** Returns the hunks of a diff, in its order; text that is none is ignored. */
export function hunksOf(diff: string): Hunk[] {
  const hunks: { readonly start: number; readonly lines: string[] }[] = [];
  for (const line of diff.replace(/\n$/u, '').split('\n')) {
    const start = header.exec(line)?.groups?.['start'];
    if (start !== undefined) hunks.push({ start: Number(start), lines: [] });
    else if (!line.startsWith('\\')) hunks.at(-1)?.lines.push(line);
  }
  return hunks.flatMap(({ start, lines }) => {
    const changed = lines.flatMap((line, at) => (/^[-+]/u.test(line) ? [at] : []));
    const [first] = changed;
    const last = changed.at(-1);
    if (first === undefined || last === undefined) return [];
    const own = lines.slice(first, last + 1);
    const around = lines.slice(Math.max(0, first - 1), last + 2);
    return [
      {
        start,
        count: lines.slice(1).filter((line) => !line.startsWith('-')).length,
        ...{ old: textOf(own, '+'), new: textOf(own, '-') },
        ...{ oldWithContext: textOf(around, '+'), newWithContext: textOf(around, '-') },
      },
    ];
  });
}

/** Joins the lines of one side, without their signs. */
function textOf(lines: readonly string[], without: '+' | '-'): string {
  const kept = lines.filter((line) => !line.startsWith(without));
  return kept.map((line) => `${line.slice(1)}\n`).join('');
}
