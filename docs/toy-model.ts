/** The bundled model for `toy.ts`: its weights as arrays of numbers, and its vocabulary. */

import { readFileSync } from 'node:fs';

const file = readFileSync(
  new URL('../extension/models/bundled/loci-tiny-f16.gguf', import.meta.url),
);
let at = 8;
const u32 = (): number => file.readUInt32LE((at += 4) - 4);
const u64 = (): number => Number(file.readBigUInt64LE((at += 8) - 8));
const text = (): string => {
  const length = u64();
  return file.toString('utf8', at, (at += length));
};
/** Reads a value of the header; keeps texts and lists of texts, as numbers are not needed. */
function value(type: number): string | string[] | null {
  if (type === 8) return text();
  if (type === 9) {
    const [element, length] = [u32(), u64()];
    return Array.from({ length }, () => value(element)).filter((one) => typeof one === 'string');
  }
  at += [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8][type] ?? 0;
  return null;
}
const [tensorCount, keyCount] = [u64(), u64()];
const header = new Map(Array.from({ length: keyCount }, () => [text(), value(u32())] as const));
const places = Array.from({ length: tensorCount }, () => {
  const name = text();
  const size = Array.from({ length: u32() }, u64).reduce((product, length) => product * length, 1);
  return { name, size, half: u32() === 1, offset: u64() };
});
const data = Math.ceil(at / 32) * 32;
const half = (bits: number): number => {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  const size = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
  return bits >> 15 ? -size : size;
};
const weights = new Map(
  places.map(({ name, size, half: isHalf, offset }) => {
    const from = data + offset;
    const read = (_: unknown, i: number): number =>
      isHalf ? half(file.readUInt16LE(from + 2 * i)) : file.readFloatLE(from + 4 * i);
    return [name, Float32Array.from({ length: size }, read)] as const;
  }),
);
/** Returns a matrix, row by row. */
export const weight = (name: string): Float32Array =>
  weights.get(`${name}.weight`) ?? new Float32Array();

/** ---- The vocabulary: byte-level BPE ---- */

const words = [header.get('tokenizer.ggml.tokens') ?? []].flat();
const idOf = new Map(words.map((word, id) => [word, id]));
const ranks = new Map(
  [header.get('tokenizer.ggml.merges') ?? []].flat().map((pair, rank) => [pair, rank]),
);
const isPlain = (byte: number): boolean =>
  (byte > 32 && byte < 127) || (byte > 160 && byte !== 173 && byte < 256);
const others = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => !isPlain(byte));
const letters = Array.from({ length: 256 }, (_, byte) =>
  String.fromCharCode(isPlain(byte) ? byte : 256 + others.indexOf(byte)),
);
const pieces =
  /[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+/gu;

/** Tokenises our own text, in which marks such as `<|bos|>` are control tokens. */
export function tokenize(source: string): number[] {
  const split = source.split(/(<\|\w+\|>)/u).flatMap((part) => {
    return part.startsWith('<|') ? [part] : (part.match(pieces) ?? []);
  });
  return split.flatMap((piece) => {
    const mark = idOf.get(piece);
    if (mark !== undefined && piece.startsWith('<|')) return [mark];
    let parts = [...Buffer.from(piece)].map((byte) => letters[byte] ?? '');
    for (;;) {
      const best = parts.slice(1).reduce(
        (found, part, i) => {
          const rank = ranks.get(`${parts[i] ?? ''} ${part}`) ?? Infinity;
          return rank < found.rank ? { rank, i } : found;
        },
        { rank: Infinity, i: -1 },
      );
      if (best.i < 0) break;
      const joined = `${parts[best.i] ?? ''}${parts[best.i + 1] ?? ''}`;
      parts = [...parts.slice(0, best.i), joined, ...parts.slice(best.i + 2)];
    }
    return parts.map((part) => idOf.get(part) ?? 0);
  });
}

/** Returns the text of tokens, without marks. */
export function detokenize(tokens: readonly number[]): string {
  const written = tokens.flatMap((token) => Array.from(words[token] ?? ''));
  return Buffer.from(written.map((letter) => letters.indexOf(letter))).toString('utf8');
}
