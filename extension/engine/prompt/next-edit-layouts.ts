/**
 * Prompts for the next edit, as each family was taught them (`models/next-edit-families` says where
 * that is written).
 */

import type { NextEditFamily } from '../../models/next-edit-families.ts';
import type { PastEdit } from '../../protocol/requests/next-edit.ts';
import { hunksOf } from './hunks.ts';
import type { Hunk } from './hunks.ts';

/** A part of a prompt: text, or a mark of the family that the vocabulary may have as a token. */
export type PromptPart = string | { readonly mark: string };

/** A file around the cursor, divided; lines have no ends. */
export interface DividedFile {
  readonly path: string;
  /** Whether `before` begins with the file. */
  readonly isStart: boolean;
  readonly before: readonly string[];
  /** The lines that the model rewrites: at least one. */
  readonly region: readonly string[];
  readonly after: readonly string[];
  /** The cursor in the region: the line's index, and UTF-16 units before it. */
  readonly cursor: { readonly line: number; readonly column: number };
}

/** Makes a family's prompt. @param edits oldest first */
export function nextEditParts(
  family: NextEditFamily,
  file: DividedFile,
  edits: readonly PastEdit[],
): PromptPart[] {
  if (family.name === 'Sweep') return sweep(family, file, edits);
  return family.name === 'Zeta' ? zeta(family, file, edits) : zeta2(family, file, edits);
}

/** Sweep shows the last six hunks. */
const mostHunks = 6;
const separator: PromptPart = { mark: '<|file_sep|>' };

function sweep(
  { cursor }: NextEditFamily,
  file: DividedFile,
  edits: readonly PastEdit[],
): PromptPart[] {
  const { path, before, region, after } = file;
  const hunks = edits.flatMap(({ path: edited, diff }) =>
    hunksOf(diff).map((hunk) => ({ ...hunk, path: edited })),
  );
  const changes = hunks.filter((hunk) => hunk.old.trim() !== hunk.new.trim());
  const recent = changes.slice(-mostHunks).flatMap((hunk, index, all): PromptPart[] => {
    const lines = `${String(hunk.start)}:${String(hunk.start + hunk.count - 1)}`;
    const [old, updated] = [bare(hunk.oldWithContext), bare(hunk.newWithContext)];
    const text = `${hunk.path}:${lines}\noriginal:\n${old}\nupdated:\n${updated}\n`;
    return [separator, index === all.length - 1 ? text.replace(/\n+$/u, '\n') : text];
  });
  // Its server counts these lines in the region, from the cursor's.
  const range = `${String(file.cursor.line + 1)}:${String(file.cursor.line + region.length + 1)}`;
  return [
    separator,
    `${path}\n${[...before, ...region, ...after].join('\n')}\n`,
    ...recent,
    ...(recent.length === 0 ? ['\n'] : []),
    ...[separator, `original/${path}:${range}\n${earlier(region, changes)}\n`],
    ...[separator, `current/${path}:${range}\n`, ...withCursor(file, cursor), '\n'],
    ...[separator, `updated/${path}:${range}\n`],
  ];
}

/** The region as it was before the last changes, as far back as they can be undone in it. */
function earlier(region: readonly string[], changes: readonly Hunk[]): string {
  let text = `${region.join('\n')}\n`;
  for (const hunk of [...changes].reverse()) {
    const sides = [
      [hunk.newWithContext, hunk.oldWithContext],
      [hunk.new, hunk.old],
    ] as const;
    const side = sides.find(([now]) => now.trim() !== '' && text.includes(now));
    if (side === undefined) break;
    const [now, old] = side;
    const at = text.indexOf(now);
    text = text.slice(0, at) + old + text.slice(at + now.length);
  }
  return text.replace(/\n$/u, '');
}

/** Without the line ends around it. */
function bare(text: string): string {
  return text.replace(/^\n+|\n+$/gu, '');
}

const instruction =
  '### Instruction:\nYou are a code completion assistant and your task is to analyze user edits and then rewrite an excerpt that the user provides, suggesting the appropriate edits within the excerpt, taking into account the cursor location.\n\n### User Edits:\n\n';

function zeta(
  { cursor }: NextEditFamily,
  file: DividedFile,
  edits: readonly PastEdit[],
): PromptPart[] {
  const { path, isStart, before, after } = file;
  const events = edits.map((edit) => `User edited ${edit.path}:\n\`\`\`diff\n${edit.diff}\n\`\`\``);
  return [
    `${instruction}${events.join('\n\n')}\n\n### User Excerpt:\n\n\`\`\`${path}\n`,
    ...(isStart ? [{ mark: '<|start_of_file|>' }, '\n'] : []),
    ended(before),
    ...[{ mark: '<|editable_region_start|>' }, '\n'],
    ...withCursor(file, cursor),
    ...['\n', { mark: '<|editable_region_end|>' }],
    `${begun(after)}\n\`\`\`\n\n### Response:\n`,
  ];
}

function zeta2(
  { cursor }: NextEditFamily,
  file: DividedFile,
  edits: readonly PastEdit[],
): PromptPart[] {
  const { path, before, after } = file;
  const events = edits.map(
    (edit) => `--- a/${edit.path}\n+++ b/${edit.path}\n${edit.diff.replace(/\n?$/u, '\n')}`,
  );
  const history: PromptPart[] =
    events.length === 0 ? [] : [{ mark: '<filename>' }, `edit_history\n${events.join('')}\n`];
  const behind = begun(after);
  return [
    // A suffix that ends without a line's end gets one.
    ...[{ mark: '<[fim-suffix]>' }, behind.endsWith('\n') ? behind : `${behind}\n`],
    ...[{ mark: '<[fim-prefix]>' }, ...history],
    ...[{ mark: '<filename>' }, `${path}\n${ended(before)}`],
    ...[{ mark: '<<<<<<< CURRENT' }, '\n', ...withCursor(file, cursor), '\n=======\n'],
    { mark: '<[fim-middle]>' },
  ];
}

/** Lines before others. */
function ended(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

/** Lines behind others. */
function begun(lines: readonly string[]): string {
  return lines.map((line) => `\n${line}`).join('');
}

function withCursor({ region, cursor }: DividedFile, mark: string): PromptPart[] {
  const above = ended(region.slice(0, cursor.line));
  const line = region[cursor.line] ?? '';
  const below = begun(region.slice(cursor.line + 1));
  return [above + line.slice(0, cursor.column), { mark }, `${line.slice(cursor.column)}${below}`];
}
