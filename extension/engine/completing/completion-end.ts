/** Where a completion ends: what is written after this point is not wanted. */

import { fitBetween } from './line-end.ts';
import { SurroundingLines } from './repeated-lines.ts';
import {
  completionRepetition,
  cutOffRepetition,
  RepetitionDetector,
} from '../generation/repetition.ts';
import type { Repetition } from '../generation/repetition.ts';

/** Further lines are not compared, nor more of a line. */
const mostLinesBelow = 64;
const longestSide = 1_000;

/** What bytes that are no character, or not all of one, show as. */
const notCharacter = '\ufffd';

/** Finds the end of one completion while it is written. */
export class CompletionEnd {
  /** The cursor's line before and after the cursor. */
  readonly #before: string;
  readonly #after: string;
  readonly #surroundings: SurroundingLines;
  readonly #repetition = new RepetitionDetector(completionRepetition);
  #read = 0;

  /** @param prefix all text before the cursor. @param suffix all text after it. */
  constructor(prefix: string, suffix: string) {
    const [after = '', ...below] = suffix.split('\n', mostLinesBelow);
    const above = prefix.split('\n');
    this.#before = above.pop() ?? '';
    this.#after = after;
    this.#surroundings = new SurroundingLines(above, below);
  }

  /**
   * @param text all that was written so far, longer with every call.
   * @returns the wanted part once the end is there; null before.
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
   * @param text all that was written; nothing follows.
   * @param cutOff whether it would have gone on.
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

  /** Text between two parts of one line stays on that line and does not repeat the second part. */
  #inLine(text: string, final: boolean): string | null {
    const newline = text.indexOf('\n');
    if (newline < 0 && !final) return null;
    const line = newline < 0 ? text : text.slice(0, newline);
    const before = this.#before.slice(-longestSide);
    return unlessBlank(fitBetween(before, line, this.#after.slice(0, longestSide)));
  }

  /** Text of several lines ends before a blank line, and before lines that stand there anyway. */
  #inBlock(text: string, final: boolean): string | null {
    const lines = text.split('\n');
    const whole = final ? lines.length : lines.length - 1;
    // On a line that was indented for it, text begins here or not at all.
    const indented = this.#before !== '' && this.#before.trim() === '';
    if (indented && whole > 0 && lines[0]?.trim() === '') return '';
    const filled: { readonly line: string; readonly index: number }[] = [];
    let started = false;
    for (let index = 0; index < whole; index += 1) {
      const line = lines[index] ?? '';
      const full = index === 0 ? this.#before + line : line;
      if (line.trim() === '' && started) return upTo(lines, index);
      if (full.trim() !== '') filled.push({ line: full, index });
      // The end of the cursor's line alone is no text to compare.
      if (line.trim() === '') continue;
      started = true;
      const wanted = this.#surroundings.newLines(filled.map((each) => each.line));
      if (wanted !== null) return upTo(lines, filled[wanted]?.index ?? index);
    }
    return final ? unlessBlank(text.trimEnd()) : null;
  }

  /** Lines that repeat themselves stay once; a line that does so goes. */
  #withoutLoop(text: string, { start, period }: Repetition): string {
    const end = text.slice(start, start + period).includes('\n')
      ? text.indexOf('\n', start + period - 1)
      : text.lastIndexOf('\n', start);
    const wanted = text.slice(0, Math.max(0, end));
    return wanted === '' ? '' : (this.#end(wanted, true) ?? wanted);
  }
}

function upTo(lines: readonly string[], end: number): string {
  return unlessBlank(lines.slice(0, end).join('\n'));
}

function unlessBlank(text: string): string {
  return text.trim() === '' ? '' : text;
}
