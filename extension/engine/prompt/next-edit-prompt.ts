/** The prompt of the next edit as tokens, within the tail for completions. */

import type { NextEditFamily } from '../../models/next-edit-families.ts';
import { plainLine } from '../../protocol/plain-text.ts';
import type { NextEditParameters, PastEdit } from '../../protocol/requests/next-edit.ts';
import { editedFile } from './edited-region.ts';
import type { EditedFile } from './edited-region.ts';
import { nextEditParts } from './next-edit-layouts.ts';
import type { PromptPart } from './next-edit-layouts.ts';
import type { NativeModel } from '../native/contract.ts';
import { concatenate } from './tokens.ts';

export interface NextEditPrompt {
  readonly tokens: Int32Array;
  readonly file: EditedFile;
  /** What is left for the answer, which has the whole region again. */
  readonly outputTokens: number;
}

type Tokenizer = Pick<NativeModel, 'tokenize'>;

/** Sizes of the region that are tried, largest first. */
const scales = [1, 1 / 2, 1 / 4] as const;
/** An answer may have this many times the region's tokens, and so many more. */
const growth = 1.25;
const extraTokens = 48;
/** Edits take at most this share of what the region leaves; the lines around it the rest. */
const editShare = 1 / 2;
const longestPath = 200;

/**
 * Makes the prompt: the newest edits and the lines around the region that the tail has room for.
 * Marks in code stay plain text; where a family's marks are plain text too, code with one is left out.
 * @returns null where the region has a mark, or does not fit
 */
export function nextEditPrompt(
  model: Tokenizer,
  family: NextEditFamily,
  parameters: NextEditParameters,
  tailCapacity: number,
): NextEditPrompt | null {
  const count = (text: string): number => model.tokenize(text, { special: false }).length;
  const isHarmless = harmless(model, family);
  const path = pathOf(parameters.path);
  if (!isHarmless(path)) return null;
  const edits = parameters.edits
    .map((edit) => ({ path: pathOf(edit.path), diff: edit.diff }))
    .filter((edit) => isHarmless(edit.path) && isHarmless(edit.diff));
  for (const scale of scales) {
    const file = { ...editedFile(family, parameters, scale), path };
    if (!file.region.every(isHarmless)) return null;
    const outputTokens = Math.ceil(count(file.region.join('\n')) * growth) + extraTokens;
    const bare = { ...file, before: [], after: [] };
    const least = tokensOf(model, nextEditParts(family, bare, [])).length;
    const room = tailCapacity - outputTokens - least;
    if (room < 0) continue;
    let kept = newest(edits, room * editShare, count);
    const used = kept.reduce((sum, edit) => sum + costOf(edit, count), 0);
    let around = linesAround(file, room - used, (line) => isHarmless(line), count);
    for (;;) {
      const tokens = tokensOf(model, nextEditParts(family, around, kept));
      if (tokens.length + outputTokens <= tailCapacity) return { tokens, file, outputTokens };
      // The parts were counted one by one, which is not exact.
      if (kept.length > 0) kept = kept.slice(1);
      else if (around.before.length + around.after.length === 0) break;
      else around = bare;
    }
  }
  return null;
}

/** Whether a text has no mark that the vocabulary has no token for. */
function harmless(model: Tokenizer, { marks }: NextEditFamily): (text: string) => boolean {
  const plain = marks.filter((mark) => tokenOf(model, mark) === null);
  return (text) => !plain.some((mark) => text.includes(mark));
}

/** The control token with a text; null if the vocabulary has none. */
function tokenOf(model: Tokenizer, text: string): number | null {
  const special = model.tokenize(text, { special: true });
  const [token] = special;
  if (token === undefined || special.length !== 1) return null;
  return model.tokenize(text, { special: false }).includes(token) ? null : token;
}

/** Text between control tokens is tokenised as one, as those do who tokenise the whole prompt. */
function tokensOf(model: Tokenizer, parts: readonly PromptPart[]): Int32Array {
  const pieces: Int32Array[] = [];
  let text = '';
  const flush = (): void => {
    if (text !== '') pieces.push(model.tokenize(text, { special: false }));
    text = '';
  };
  for (const part of parts) {
    const token = typeof part === 'string' ? null : tokenOf(model, part.mark);
    if (token === null) {
      text += typeof part === 'string' ? part : part.mark;
    } else {
      flush();
      pieces.push(Int32Array.of(token));
    }
  }
  flush();
  return concatenate(...pieces);
}

type Count = (text: string) => number;

function costOf({ path, diff }: PastEdit, count: Count): number {
  // Formats have about this much around an edit.
  return count(path) + count(diff) + 16;
}

function newest(edits: readonly PastEdit[], room: number, count: Count): PastEdit[] {
  let left = room;
  const kept: PastEdit[] = [];
  for (const edit of [...edits].reverse()) {
    left -= costOf(edit, count);
    if (left < 0) break;
    kept.unshift(edit);
  }
  return kept;
}

/** Takes lines above and below the region in turn, nearest first, up to one that is not harmless. */
function linesAround(
  file: EditedFile,
  room: number,
  isHarmless: (line: string) => boolean,
  count: Count,
): EditedFile {
  let left = room;
  let [above, below] = [0, 0];
  const fits = (line: string | undefined): boolean => {
    if (line === undefined || !isHarmless(line)) return false;
    const tokens = count(line) + 1;
    if (tokens > left) return false;
    left -= tokens;
    return true;
  };
  for (let [up, down] = [true, true]; up || down;) {
    up = up && fits(file.before.at(-1 - above));
    if (up) above += 1;
    down = down && fits(file.after[below]);
    if (down) below += 1;
  }
  const before = file.before.slice(file.before.length - above);
  const isStart = file.isStart && above === file.before.length;
  return { ...file, isStart, before, after: file.after.slice(0, below) };
}

function pathOf(path: string): string {
  return plainLine(path, longestPath);
}
