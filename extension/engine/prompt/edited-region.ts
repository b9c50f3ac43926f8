/** Divides the text around the cursor: the lines that a model may rewrite, and those around them. */

import type { NextEditFamily } from '../../models/next-edit-families.ts';
import type { NextEditParameters } from '../../protocol/requests/next-edit.ts';
import type { DividedFile } from './next-edit-layouts.ts';

/** A divided file, and where its parts stand. */
export interface EditedFile extends DividedFile {
  /** The number of the region's first line in the file, from 1. */
  readonly firstLine: number;
}

/**
 * Divides a file as a family was taught.
 * @param scale makes the region smaller where the tail is short, up to 1
 */
export function editedFile(
  { region: kind }: Pick<NextEditFamily, 'region'>,
  { path, line, prefix, suffix }: Pick<NextEditParameters, 'path' | 'line' | 'prefix' | 'suffix'>,
  scale = 1,
): EditedFile {
  const lines = `${prefix}${suffix}`.split('\n');
  const above = prefix.split('\n');
  const at = above.length - 1;
  const { start, end, from, to } =
    kind.kind === 'lines'
      ? { ...byLines(lines, at, kind.above, Math.round(kind.below * scale)), from: 0, to: -1 }
      : byTokens(lines, at, kind.region * scale, kind.context);
  return {
    path,
    isStart: line === 1 && from === 0,
    firstLine: line + start,
    before: lines.slice(from, start),
    region: lines.slice(start, end),
    after: lines.slice(end, to < 0 ? undefined : to),
    cursor: { line: at - start, column: above.at(-1)?.length ?? 0 },
  };
}

interface Bounds {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** Lines around the cursor's, without the blank ones at both ends. */
function byLines(lines: readonly string[], at: number, above: number, below: number): Bounds {
  let start = Math.max(0, at - above);
  let end = Math.min(lines.length, at + below + 1);
  const isBlank = (index: number): boolean => (lines[index] ?? '').trim() === '';
  while (start < at && isBlank(start)) {
    start += 1;
    end = Math.min(lines.length, end + 1);
  }
  while (end > at + 1 && isBlank(end - 1)) end -= 1;
  return { start, end };
}

function byTokens(
  lines: readonly string[],
  at: number,
  region: number,
  context: number,
): Bounds & { readonly from: number; readonly to: number } {
  const own = widened(lines, { start: at, end: at + 1 }, region - tokensOf(lines[at]?.trim()));
  const around = widened(lines, own, context);
  return { ...own, from: around.start, to: around.end };
}

/** Takes lines above and below in turn, until the tokens are used up. */
function widened(lines: readonly string[], { start, end }: Bounds, tokens: number): Bounds {
  const bounds = { start, end };
  for (let room = tokens; room > 0;) {
    const before = bounds.end - bounds.start;
    if (bounds.start > 0) {
      bounds.start -= 1;
      room -= tokensOf(lines[bounds.start]);
    }
    if (room > 0 && bounds.end < lines.length) {
      room -= tokensOf(lines[bounds.end]);
      bounds.end += 1;
    }
    if (bounds.end - bounds.start === before) break;
  }
  return bounds;
}

/** As Zed estimates them. */
function tokensOf(line: string | undefined): number {
  return Math.floor(Buffer.byteLength(line ?? '') / 3);
}
