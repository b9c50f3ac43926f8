/** Numbers in place of others: as many digits, and of the same form. */
import { Random } from '../../generator/random.ts';

/** Tries before two numbers may become the same one. */
const mostTries = 50;

/**
 * Numbers by seed: the same text always becomes the same other text, and two rarely become the
 * same one. Numbers of one digit stay: they count and index.
 */
export class Numbers {
  readonly #random: Random;
  readonly #known = new Map<string, string>();
  readonly #taken = new Set<string>();

  constructor(seed: number) {
    this.#random = new Random(seed);
  }

  /** A literal of JavaScript or Python in place of another. Exponents and binary numbers stay. */
  literal(text: string): string {
    const [, prefix = '', digits = ''] =
      /^(0[xo])([\da-f_]+)/iu.exec(text) ?? /^()([\d_.]+)/u.exec(text) ?? [];
    if (/^0b/iu.test(text) || digits === '') return text;
    const base = prefix === '' ? 10 : prefix.toLowerCase() === '0x' ? 16 : 8;
    const rest = text.slice(prefix.length + digits.length);
    return prefix + this.#other(digits, base) + rest;
  }

  /** Decimal digits in place of others, within a text. */
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

  /** A zero in front stays, and none comes there. */
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
