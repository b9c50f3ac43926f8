import { Random } from '../quality/generator/random.ts';

const tableSize = 2 ** 16;
const pieceElements = 2 ** 20;

/**
 * Normal random numbers as f16, fast enough for hundreds of millions: each 32 random bits select
 * two entries of a table of normal draws.
 */
export class RandomWeights {
  readonly #random: Random;
  readonly #normal: Float32Array;
  readonly #tables = new Map<number, Uint16Array>();

  constructor(seed: number) {
    this.#random = new Random(seed);
    this.#normal = Float32Array.from({ length: tableSize }, () => this.#random.normal());
  }

  /** `count` f16 values of the given standard deviation, in pieces. `count` is even. */
  *f16(count: number, deviation: number): Generator<Uint8Array> {
    const table = this.#table(deviation);
    for (let done = 0; done < count; done += pieceElements) {
      const piece = new Uint16Array(Math.min(pieceElements, count - done));
      for (let i = 0; i < piece.length; i += 2) {
        const bits = this.#random.nextUint32();
        piece[i] = table[bits & 0xffff] ?? 0;
        piece[i + 1] = table[bits >>> 16] ?? 0;
      }
      yield new Uint8Array(piece.buffer);
    }
  }

  /** `count` f32 values around `mean`. */
  *f32(count: number, mean: number, deviation: number): Generator<Uint8Array> {
    const values = Float32Array.from(
      { length: count },
      () => mean + deviation * this.#random.normal(),
    );
    yield new Uint8Array(values.buffer);
  }

  #table(deviation: number): Uint16Array {
    let table = this.#tables.get(deviation);
    if (table === undefined) {
      table = Uint16Array.from(this.#normal, (value) => toHalf(value * deviation));
      this.#tables.set(deviation, table);
    }
    return table;
  }
}

const float = new Float32Array(1);
const floatBits = new Uint32Array(float.buffer);

/**
 * Returns the bits of the nearest IEEE 754 half-precision number, ties to even. Values that are too
 * large become infinite; subnormal numbers are kept.
 */
export function toHalf(value: number): number {
  float[0] = value;
  const bits = floatBits[0] ?? 0;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = Math.abs(float[0]);
  if (Number.isNaN(magnitude)) return sign | 0x7e00;
  if (magnitude >= 65520) return sign | 0x7c00;
  if (magnitude < 2 ** -14) return sign | roundToEven(magnitude * 2 ** 24);
  const exponent = (bits >>> 23) & 0xff;
  const mantissa = roundToEven((bits & 0x7fffff) / 2 ** 13);
  // A mantissa that rounds up to 1024 correctly carries into the exponent.
  return sign | (((exponent - 112) << 10) + mantissa);
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
