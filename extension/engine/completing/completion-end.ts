/** Finds the end of a completion; text after it is not wanted. */

import { openIn } from './nesting.ts';
import { SurroundingLines } from './repeated-lines.ts';
import {
  completionRepetition,
  cutOffRepetition,
  RepetitionDetector,
} from '../generation/repetition.ts';
import type { Repetition } from '../generation/repetition.ts';
import { wantedWithin } from './within-line.ts';

/** Only this many lines, and this much of a line, are compared. */
const mostLinesBelow = 64;
const longestSide = 1_000;

/** The replacement for bytes that are not a complete character. */
const notCharacter = '\ufffd';

/** Finds the end of one completion while it is written. */
export class CompletionEnd {
  /** The cursor's line before and after the cursor. */
  readonly #before: string;
  readonly #after: string;
  readonly #surroundings: SurroundingLines;
  /** If deeper than the line above, the block of that line already exists below. */
  readonly #indentationBelow: number;
  readonly #repetition = new RepetitionDetector(completionRepetition);
  #read = 0;

  /** @param prefix all text before the cursor. @param suffix all text after it. */
  constructor(prefix: string, suffix: string) {
    const [after = '', ...below] = suffix.split('\n', mostLinesBelow);
    const above = prefix.split('\n');
    this.#before = above.pop() ?? '';
    this.#after = after;
    this.#indentationBelow = indentationOf(below.find((line) => line.trim() !== '') ?? '');
    this.#surroundings = new SurroundingLines(above, below);
  }

  /**
   * @param text the whole text so far, longer with every call.
   * @returns the wanted part once the end is reached; null before.
   */
  find(text: string): string | null {
    const broken = text.indexOf(notCharacter);
    if (broken >= 0) return this.#end(text.slice(0, broken), true);
    const repetition = this.#repetition.push(text.slice(this.#read));
    this.#read = text.length;
    const end = this.#end(text, false);
    return end ?? (repetition === null ? null : this.#withoutLoop(text, repetition));
  }

  /**
   * @param text the whole text; nothing follows.
   * @param cutOff whether it would have continued.
   * @returns the wanted part.
   */
  finish(text: string, { cutOff }: { readonly cutOff: boolean }): string {
    const found = this.find(text);
    if (found !== null) return found;
    const repetition = cutOff ? this.#repetition.atEnd(cutOffRepetition) : null;
    if (repetition !== null) return this.#withoutLoop(text, repetition);
    return this.#end(text, true) ?? text;
  }

  #end(text: string, final: boolean): string | null {
    return this.#after.trim() === '' ? this.#inBlock(text, final) : this.#inLine(text, final);
  }

  #inLine(text: string, final: boolean): string | null {
    const before = this.#before.slice(-longestSide);
    const after = this.#after.slice(0, longestSide);
    const wanted = wantedWithin({ before, after, text, final });
    return wanted === null ? null : unlessBlank(wanted);
  }

  /**
   * Text of several lines ends before a blank line and before existing lines, but not within a
   * bracket that it opens and closes itself.
   */
  #inBlock(text: string, final: boolean): string | null {
    const lines = text.split('\n');
    let torn: string | null = null;
    for (const end of this.#ends(lines, final ? lines.length : lines.length - 1)) {
      const wanted = lines.slice(0, end).join('\n');
      if (!this.#isOpen(wanted)) return unlessBlank(wanted);
      torn ??= wanted;
    }
    if (!final) return null;
    const all = text.trimEnd();
    return unlessBlank(torn !== null && this.#isOpen(all) ? torn : all);
  }

  /** Yields the lines that may be the first unwanted one; the first `whole` lines are complete. */
  *#ends(lines: readonly string[], whole: number): Generator<number> {
    // On an indented line, text begins here or not at all.
    const indented = this.#before !== '' && this.#before.trim() === '';
    if (indented && whole > 0 && lines[0]?.trim() === '') yield 0;
    const filled: { readonly line: string; readonly index: number }[] = [];
    let started = false;
    for (let index = 0; index < whole; index += 1) {
      const line = lines[index] ?? '';
      const full = index === 0 ? this.#before + line : line;
      if (line.trim() === '' && started) yield index;
      if (full.trim() !== '') filled.push({ line: full, index });
      // The end of the cursor's line alone is not text to compare.
      if (line.trim() === '') continue;
      started = true;
      const wanted = this.#surroundings.newLines(filled.map((each) => each.line));
      if (wanted !== null) yield filled[wanted]?.index ?? index;
    }
  }

  /** Returns whether the text has an open bracket that the lines below do not close. */
  #isOpen(text: string): boolean {
    const before = this.#before.slice(-longestSide);
    return openIn(before, text).some((at) => {
      const line =
        (before + text)
          .slice(0, before.length + at)
          .split('\n')
          .at(-1) ?? '';
      return indentationOf(line) >= this.#indentationBelow;
    });
  }

  /** Keeps repeated lines once; removes a line that repeats itself. */
  #withoutLoop(text: string, { start, period }: Repetition): string {
    const end = text.slice(start, start + period).includes('\n')
      ? text.indexOf('\n', start + period - 1)
      : text.lastIndexOf('\n', start);
    const wanted = text.slice(0, Math.max(0, end));
    return wanted === '' ? '' : (this.#end(wanted, true) ?? wanted);
  }
}

function indentationOf(line: string): number {
  return line.length - line.trimStart().length;
}

function unlessBlank(text: string): string {
  return text.trim() === '' ? '' : text;
}
