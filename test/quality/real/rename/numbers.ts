/** Replaces numbers by others with as many digits and the same form. */
import { Random } from '../../generator/random.ts';

/** Attempts to find an unused number before accepting a duplicate. */
const mostTries = 50;

/**
 * Maps numbers by seed: equal texts have equal replacements, and different ones rarely do. Single
 * digits stay, because they count and index.
 */
export class Numbers {
  readonly #random: Random;
  readonly #known = new Map<string, string>();
  readonly #taken = new Set<string>();

  constructor(seed: number) {
    this.#random = new Random(seed);
  }

  /** Replaces a JavaScript or Python literal. Exponents and binary numbers stay. */
  literal(text: string): string {
    const [, prefix = '', digits = ''] =
      /^(0[xo])([\da-f_]+)/iu.exec(text) ?? /^()([\d_.]+)/u.exec(text) ?? [];
    if (/^0b/iu.test(text) || digits === '') return text;
    const base = prefix === '' ? 10 : prefix.toLowerCase() === '0x' ? 16 : 8;
    const rest = text.slice(prefix.length + digits.length);
    return prefix + this.#other(digits, base) + rest;
  }

  /** Replaces decimal digits within a text. */
  digits(text: string): string {
    return this.#other(text, 10);
  }

  #other(text: string, base: number): string {
    if (text.replaceAll(/[._]/gu, '').length < 2) return text;
    const key = `${base} ${text}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    let other = this.#draw(text, base);
    for (let tries = 0; tries < mostTries || other === text; tries++) {
      if (other !== text && !this.#taken.has(`${base} ${other}`)) break;
      other = this.#draw(text, base);
    }
    this.#taken.add(`${base} ${other}`);
    this.#known.set(key, other);
    return other;
  }

  /** Keeps a leading zero, and never adds one. */
  #draw(text: string, base: number): string {
    const isUpper = /[A-F]/u.test(text);
    return Array.from(text)
      .map((digit, index) => {
        if (/[._]/u.test(digit) || (index === 0 && digit === '0')) return digit;
        const drawn = this.#random.integer(index === 0 ? 1 : 0, base).toString(base);
        return isUpper ? drawn.toUpperCase() : drawn;
      })
      .join('');
  }
}
