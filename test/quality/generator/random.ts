/**
 * A seeded random source. The same seed gives the same sequence on every platform and version, so a
 * number identifies the data of a measurement. The generator is xoshiro128**, seeded by splitmix32.
 */
export class Random {
  readonly #state: Uint32Array;

  /** @param seed a safe integer; neighbouring seeds give unrelated sequences. */
  constructor(seed: number) {
    if (!Number.isSafeInteger(seed))
      throw new RangeError(`A seed is an integer, not ${String(seed)}.`);
    let word = (seed ^ Math.floor(seed / 2 ** 32)) >>> 0;
    this.#state = Uint32Array.from({ length: 4 }, () => {
      word = (word + 0x9e3779b9) >>> 0;
      let mixed = word ^ (word >>> 16);
      mixed = Math.imul(mixed, 0x21f0aaad);
      mixed ^= mixed >>> 15;
      mixed = Math.imul(mixed, 0x735a2d97);
      return mixed ^ (mixed >>> 15);
    });
  }

  /** Draws 32 bits as an unsigned integer. */
  nextUint32(): number {
    const [a = 0, b = 0, c = 0, d = 0] = this.#state;
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const z = d ^ b;
    const y = c ^ a;
    this.#state[0] = a ^ z;
    this.#state[1] = b ^ y;
    this.#state[2] = y ^ (b << 9);
    this.#state[3] = (z << 11) | (z >>> 21);
    return result;
  }

  /** Draws a number in [0, 1). */
  next(): number {
    return this.nextUint32() / 2 ** 32;
  }

  /** Draws an integer in [from, to). */
  integer(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from));
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** Draws one of the values with equal probability. @throws RangeError if there are none. */
  pick<T>(values: readonly T[]): T {
    const index = this.integer(0, values.length);
    if (index >= values.length) throw new RangeError('Nothing to pick from.');
    // The index is in range, so this is a T even if T includes undefined.
    return values[index] as T;
  }

  /** Draws one of the values with probability proportional to its weight. */
  weighted<T>(choices: readonly (readonly [value: T, weight: number])[]): T {
    let rest = this.next() * choices.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [value, weight] of choices) {
      rest -= weight;
      if (rest < 0) return value;
    }
    return this.pick(choices)[0];
  }

  /** Returns a shuffled copy (Fisher-Yates). */
  shuffle<T>(values: readonly T[]): T[] {
    const result = [...values];
    for (let last = result.length - 1; last > 0; last--) {
      const other = this.integer(0, last + 1);
      [result[last], result[other]] = [result[other] as T, result[last] as T];
    }
    return result;
  }

  /** Draws a standard normal number (Box-Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }
}
