import { recallThresholds } from './thresholds.ts';

/** Lines of a file, both from 1 and both included. */
export interface LineRange {
  readonly from: number;
  readonly to: number;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** Whether a line only closes what another one opened. */
function closes(line: string): boolean {
  return /^\s*[)\]}>]/.test(line) || /^\s*end\b/.test(line);
}

/** Where the block that a line opens ends; the line itself where it opens none. */
function blockEnd(lines: readonly string[], start: number): number {
  const indent = indentOf(lines[start - 1] ?? '');
  let end = start;
  for (let line = start + 1; line <= lines.length; line++) {
    const text = lines[line - 1] ?? '';
    if (text.trim() === '') {
      continue;
    }
    if (indentOf(text) <= indent) {
      return end > start && closes(text) && indentOf(text) === indent ? line : end;
    }
    end = line;
  }
  return end;
}

/** The line that opens the block around a line, by indentation; null at the top level. */
function parentOf(lines: readonly string[], line: number): number | null {
  const indent = indentOf(lines[line - 1] ?? '');
  for (let above = line - 1; indent > 0 && above >= 1; above--) {
    const text = lines[above - 1] ?? '';
    if (text.trim() !== '' && indentOf(text) < indent) {
      return above;
    }
  }
  return null;
}

/**
 * The smallest whole block around a line: the one that it opens, otherwise the one that it is in;
 * a block longer than `longestBlock` is cut to the lines around it.
 */
export function enclosingBlock(
  lines: readonly string[],
  line: number,
  longestBlock: number = recallThresholds.longestBlock,
): LineRange {
  const own = { from: line, to: blockEnd(lines, line) };
  const parent = own.to > line ? null : parentOf(lines, line);
  const block = parent === null ? own : { from: parent, to: blockEnd(lines, parent) };
  if (block.to - block.from < longestBlock) {
    return block;
  }
  const half = longestBlock >> 1;
  return {
    from: Math.max(block.from, line - half),
    to: Math.min(block.to, line + half),
  };
}

/** Ranges in order, those that overlap or nearly touch made one. */
export function mergeRanges(ranges: readonly LineRange[], gap: number): LineRange[] {
  const merged: LineRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last !== undefined && range.from - last.to <= gap) {
      merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
    } else {
      merged.push(range);
    }
  }
  return merged;
}

/** The text of some lines, each with its newline. */
export function textOf(lines: readonly string[], { from, to }: LineRange): string {
  return lines
    .slice(from - 1, to)
    .map((line) => `${line}\n`)
    .join('');
}

/**
 * Widens a range on both sides until it has `wanted` tokens or is the whole file, then narrows it
 * towards `hit` until it has at most `most`; null where even the hit's own line has more.
 * @param count exact tokens of a range
 */
export function fitRange(
  lines: readonly string[],
  block: LineRange,
  hit: number,
  limits: { readonly wanted: number; readonly most: number },
  count: (range: LineRange) => number,
): LineRange | null {
  let { from, to } = block;
  let tokens = count({ from, to });
  while (tokens < limits.wanted && (from > 1 || to < lines.length)) {
    const wider = { from: Math.max(1, from - 2), to: Math.min(lines.length, to + 2) };
    const widerTokens = count(wider);
    if (widerTokens > limits.most) {
      break;
    }
    ({ from, to } = wider);
    tokens = widerTokens;
  }
  while (tokens > limits.most) {
    if (from === to) {
      return null;
    }
    // In one step close to what fits, so that a long block is not counted line by line.
    const keep = Math.max(1, Math.floor(((to - from + 1) * limits.most) / tokens));
    const drop = Math.max(1, to - from + 1 - keep);
    for (let dropped = 0; dropped < drop && from < to; dropped++) {
      if (to - hit >= hit - from) {
        to--;
      } else {
        from++;
      }
    }
    tokens = count({ from, to });
  }
  return { from, to };
}
