/** What the editor says of some lines, as a question has it. */

export interface Problem {
  readonly message: string;
  /** Its first and last line, from 0. */
  readonly range: {
    readonly start: { readonly line: number };
    readonly end: { readonly line: number };
  };
  /** Who says so, e.g. `ts`. */
  readonly source?: string | undefined;
}

/** More would crowd out the code. */
const mostProblems = 5;
const longestMessage = 500;
/** Lines around a problem that tell what it is about. */
const around = 5;

/** Returns one line for each problem; the messages are of tools, so each is cut to one short line. */
export function describeProblems(problems: readonly Problem[]): string {
  return problems
    .slice(0, mostProblems)
    .map(({ message, range, source }) => {
      const text = message.replaceAll(/\s+/gu, ' ').trim().slice(0, longestMessage);
      const by = source === undefined || source === '' ? '' : ` (${source})`;
      return `Line ${String(range.start.line + 1)}${by}: ${text}`;
    })
    .join('\n');
}

/** Returns the lines, from 0, that problems and a selection are about, with some around them. */
export function linesAround(
  ranges: readonly Problem['range'][],
  lineCount: number,
): { readonly from: number; readonly to: number } {
  const from = Math.min(...ranges.map(({ start }) => start.line));
  const to = Math.max(...ranges.map(({ end }) => end.line));
  return { from: Math.max(0, from - around), to: Math.min(lineCount - 1, to + around) };
}
