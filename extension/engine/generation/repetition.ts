/** Detects text that has begun to repeat itself, which small models continue forever. */

export interface RepetitionLimits {
  /** The longest period to detect, in characters. */
  readonly longestPeriod: number;
  /** The least number of consecutive periods. */
  readonly periods: number;
  /** The least number of repeated characters after the first period. */
  readonly characters: number;
  /** The same for periods of only punctuation and spaces: separators and drawings are long. */
  readonly markCharacters: number;
}

/**
 * For answers. No file of this project, including its documents, is this repetitive; tables of
 * zeros, hex dumps and separators are less so.
 */
export const answerRepetition: RepetitionLimits = {
  longestPeriod: 2048,
  periods: 4,
  characters: 240,
  markCharacters: 480,
};

/** For completions, of which few are longer than this. */
export const completionRepetition: RepetitionLimits = {
  longestPeriod: 160,
  periods: 4,
  characters: 64,
  markCharacters: 128,
};

/** For a completion that was cut off at the maximum length and would have continued. */
export const cutOffRepetition: RepetitionLimits = {
  longestPeriod: 160,
  periods: 4,
  characters: 24,
  markCharacters: 128,
};

/** A period of this many characters needs one occurrence less; of words, two are enough. */
const longPeriod = 240;
/** The least share of letters in sentences and in code, unlike in tables of figures. */
const lettersOfWords = 0.6;

/** The periodic end of a text, in UTF-16 units. */
export interface Repetition {
  /** Where the first period begins. */
  readonly start: number;
  readonly period: number;
}

/**
 * Reads a text as it is written, in constant time per character: for each period, counts the
 * consecutive characters that equal those one period earlier.
 */
export class RepetitionDetector {
  readonly #limits: RepetitionLimits;
  readonly #matches: Uint32Array;
  #text = '';
  /** The text as numbers, with room for more. */
  #codes = new Uint16Array(1024);

  constructor(limits: RepetitionLimits) {
    this.#limits = limits;
    this.#matches = new Uint32Array(limits.longestPeriod + 1);
  }

  /**
   * @param piece the text written since the last call.
   * @returns the first sufficiently long repetition, with the shortest period; null for none.
   */
  push(piece: string): Repetition | null {
    for (let at = 0; at < piece.length; at += 1) {
      this.#text += piece.charAt(at);
      const found = this.#count() < this.#limits.characters ? null : this.atEnd(this.#limits);
      if (found !== null) return found;
    }
    return null;
  }

  /** Returns the repetition at the end of the text so far, with other limits; null for none. */
  atEnd(limits: RepetitionLimits): Repetition | null {
    const { length } = this.#text;
    const longest = Math.min(this.#limits.longestPeriod, limits.longestPeriod, length - 1);
    for (let period = 1; period <= longest; period += 1) {
      const count = this.#matches[period] ?? 0;
      if (count < limits.characters || count < period) continue;
      const once = this.#text.slice(length - period);
      if (count < (periodsNeeded(once, limits) - 1) * period) continue;
      if (count < limits.markCharacters && !/[\p{L}\p{N}]/u.test(once)) continue;
      return { start: length - count - period, period };
    }
    return null;
  }

  /** Counts the last character of the text. @returns the most characters of any period. */
  #count(): number {
    const at = this.#text.length - 1;
    const code = this.#text.charCodeAt(at);
    const codes = this.#room(at);
    codes[at] = code;
    const matches = this.#matches;
    const longest = Math.min(this.#limits.longestPeriod, at);
    let most = 0;
    for (let period = 1; period <= longest; period += 1) {
      const count = codes[at - period] === code ? (matches[period] ?? 0) + 1 : 0;
      matches[period] = count;
      if (count > most) most = count;
    }
    return most;
  }

  #room(at: number): Uint16Array {
    if (at >= this.#codes.length) {
      const larger = new Uint16Array(2 * this.#codes.length);
      larger.set(this.#codes);
      this.#codes = larger;
    }
    return this.#codes;
  }
}

function periodsNeeded(once: string, { periods }: RepetitionLimits): number {
  if (once.length < longPeriod) return periods;
  const letters = once.match(/\p{L}/gu)?.length ?? 0;
  return letters < lettersOfWords * once.length ? periods - 1 : 2;
}

/** Periods up to this many characters stay three times in an answer; longer ones stay once. */
const shortPeriod = 40;

/** Removes the repetitions of a text, except the first few. */
export function withoutRepetition(text: string, { start, period }: Repetition): string {
  const kept = period <= shortPeriod ? 3 : 1;
  return text.slice(0, start + kept * period).trimEnd();
}
