import { analyse } from 'chardet';

/** The number of bytes above 0x7f used for a guess; more are slower, not better. */
const sampleBytes = 2_048;
/** The confidence from which `chardet` has seen enough of a language's letters to be trusted. */
const sureConfidence = 60;
const likelyConfidence = 20;
/** Answers of `chardet` that have already been ruled out. */
const otherEncodings = /^(?:UTF|ASCII|ISO-2022)/;

/**
 * A two-byte encoding, with a test for the common characters that make up nearly all text. `own`
 * tests for pairs unique to the language: kana, Hangul.
 */
interface DoubleByte {
  readonly name: string;
  readonly common: (lead: number, trail: number) => boolean;
  readonly own: RegExp | null;
}

const between = (from: number, value: number, to: number): boolean => value >= from && value <= to;

const doubleByte: readonly DoubleByte[] = [
  {
    name: 'euc-kr',
    common: (lead, trail) => between(0xb0, lead, 0xc8) && trail >= 0xa1,
    own: /\p{Script=Hangul}/u,
  },
  {
    name: 'euc-jp',
    common: (lead, trail) =>
      (between(0xb0, lead, 0xcf) || between(0xa1, lead, 0xa5)) && trail >= 0xa1,
    own: /[\u3041-\u30fe]/,
  },
  {
    name: 'shift_jis',
    common: (lead) => between(0x81, lead, 0x83) || between(0x88, lead, 0x97),
    own: /[\u3041-\u30fe]/,
  },
  {
    name: 'gb18030',
    common: (lead, trail) =>
      (between(0xb0, lead, 0xd7) || between(0xa1, lead, 0xa3)) && trail >= 0xa1,
    own: null,
  },
  {
    name: 'big5',
    common: (lead) => between(0xa1, lead, 0xc6),
    own: null,
  },
];

/** Keeps lines with a byte above 0x7f: all others are the same in every encoding. */
function tellingLines(bytes: Uint8Array): Uint8Array {
  const lines: Uint8Array[] = [];
  let length = 0;
  let start = 0;
  while (start < bytes.length && length < sampleBytes) {
    const next = bytes.indexOf(0x0a, start);
    const end = next === -1 ? bytes.length : next + 1;
    const line = bytes.subarray(start, end);
    if (line.some((byte) => byte > 0x7f)) {
      lines.push(line);
      length += line.length;
    }
    start = end;
  }
  const sample = new Uint8Array(length);
  let offset = 0;
  for (const line of lines) {
    sample.set(line, offset);
    offset += line.length;
  }
  return sample.subarray(0, 2 * sampleBytes);
}

/** Decodes strictly, except for a character cut at the end; null if bytes are invalid. */
export function decodeStrictly(name: string, bytes: Uint8Array): string | null {
  try {
    return new TextDecoder(name, { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return null;
  }
}

/**
 * Whether bytes read as text in a two-byte encoding, even if they are too few for statistics: every
 * pair is a common character, pairs form runs like words, and kana or Hangul occur.
 */
function readsAs({ name, common, own }: DoubleByte, bytes: Uint8Array): boolean {
  let pairs = 0;
  let runs = 0;
  for (let index = 0; index < bytes.length;) {
    if ((bytes[index] ?? 0) < 0x80) {
      index++;
      continue;
    }
    runs++;
    while ((bytes[index] ?? 0) >= 0x80 && index + 1 < bytes.length) {
      if (!common(bytes[index] ?? 0, bytes[index + 1] ?? 0)) return false;
      pairs++;
      index += 2;
    }
    if (index + 1 === bytes.length) break;
  }
  if (pairs < 2 || pairs < 2 * runs) return false;
  const text = decodeStrictly(name, bytes);
  return text !== null && (own === null || own.test(text));
}

/**
 * Guesses the encoding of text that is not UTF-8, as `TextDecoder` names it; null if the bytes fit
 * no encoding.
 * @param bytes without NUL bytes
 */
export function legacyEncoding(bytes: Uint8Array): string | null {
  const high = bytes.reduce((count, byte) => count + (byte > 0x7f ? 1 : 0), 0);
  if (bytes.length - high < bytes.length / 400) {
    // Text has line ends.
    return null;
  }
  const sample = tellingLines(bytes);
  const best = analyse(sample).find(
    ({ name, confidence }) =>
      confidence >= likelyConfidence &&
      !otherEncodings.test(name) &&
      decodeStrictly(name, sample) !== null,
  );
  if (best !== undefined && best.confidence >= sureConfidence) {
    return best.name;
  }
  const short = doubleByte.find((encoding) => readsAs(encoding, sample));
  if (short !== undefined) {
    return short.name;
  }
  if (best !== undefined) {
    return best.name;
  }
  // A few characters among ASCII, such as a name in a header or a typographic quote.
  return high < 0.3 * bytes.length ? 'windows-1252' : null;
}
