import { decodeStrictly, legacyEncoding } from './legacy-encoding.ts';

/** The number of bytes that git also inspects to tell text from binary. */
export const headBytes = 8_192;

/** The largest share of control characters and undecodable characters in a text. */
const mostNoise = 0.1;
/** The same for text in other encodings, which have fewer invalid bytes than UTF-8. */
const mostLegacyNoise = 0.005;

/** Characters that do not occur in UTF-16 text. */
const noCharacter = /(?![\t\n\f\r])\p{Cc}|[\p{Cn}\p{Co}\ufffd]/gu;

/** The characters of windows-1252 at 0x80 to 0x9f. Some Node releases decode it as ISO 8859-1. */
const windows1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/** Drops a last odd byte. */
function wholeUnits(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, bytes.length - (bytes.length % 2));
}

function readsAsUtf16(name: string, bytes: Uint8Array): boolean {
  const text = decodeStrictly(name, wholeUnits(bytes));
  return text !== null && (text.match(noCharacter)?.length ?? 0) <= 0.02 * text.length;
}

/** Whether the bytes after a mark are mostly ASCII, so that the mark is really two letters. */
function isMostlyAscii(bytes: Uint8Array): boolean {
  const ascii = bytes.reduce((sum, byte) => sum + (byte >= 0x09 && byte < 0x7f ? 1 : 0), 0);
  return ascii > 0.8 * bytes.length && !bytes.includes(0);
}

/** Detects UTF-16 by its mark, or by the positions of its NUL bytes; null if it is not UTF-16. */
function utf16Encoding(bytes: Uint8Array): string | null {
  const [first, second] = bytes;
  if (isMostlyAscii(bytes.subarray(2))) {
    return null;
  }
  if (first === 0xff && second === 0xfe && readsAsUtf16('utf-16le', bytes)) {
    return 'utf-16le';
  }
  if (first === 0xfe && second === 0xff && readsAsUtf16('utf-16be', bytes)) {
    return 'utf-16be';
  }
  const zeros = [0, 0];
  for (let index = 0; index < bytes.length; index++) {
    if (bytes[index] === 0) {
      zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
    }
  }
  const [even = 0, odd = 0] = zeros;
  // Line ends and blanks alone make up a twentieth of the units in any language.
  const enough = bytes.length / 40;
  if (Math.max(even, odd) < Math.max(1, enough) || Math.min(even, odd) > Math.max(even, odd) / 50) {
    return null;
  }
  const name = odd > even ? 'utf-16le' : 'utf-16be';
  return readsAsUtf16(name, bytes) ? name : null;
}

function isControl(byte: number): boolean {
  return (
    (byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d && byte !== 0x0b) && byte !== 0x1b) ||
    byte === 0x7f
  );
}

/** The share of bytes that are control characters. */
function controlShare(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) {
    if (isControl(byte)) count++;
  }
  return bytes.length === 0 ? 0 : count / bytes.length;
}

/**
 * Whether bytes are UTF-8 with a few errors.
 * @param goodForBad how many valid non-ASCII characters are needed for each invalid one
 */
function isBrokenUtf8(bytes: Uint8Array, goodForBad: number): boolean {
  let good = 0;
  let bad = 0;
  for (const character of new TextDecoder().decode(bytes, { stream: true })) {
    if (character === '\uFFFD') {
      bad++;
    } else if (character > '\x7f') {
      good++;
    }
  }
  return good > goodForBad * bad;
}

/** Detects the Japanese of e-mail: ASCII bytes with escape sequences. */
function isIso2022Jp(bytes: Uint8Array): boolean {
  if (!bytes.includes(0x1b)) {
    return false;
  }
  const text = Buffer.from(bytes).toString('latin1');
  return (
    (text.includes('\u001b$B') || text.includes('\u001b$@')) &&
    (text.includes('\u001b(B') || text.includes('\u001b(J'))
  );
}

/** Whether bytes are UTF-8, possibly despite another stated encoding. */
function isUtf8(bytes: Uint8Array, stated: string | null): boolean {
  return decodeStrictly('utf-8', bytes) !== null || isBrokenUtf8(bytes, stated === null ? 2 : 20);
}

/** Whether bytes without NUL decode in a stated encoding with few errors. */
function readsAsStated(stated: string, bytes: Uint8Array): boolean {
  const text = new TextDecoder(stated).decode(bytes, { stream: true });
  return (text.match(/\ufffd/g)?.length ?? 0) <= mostLegacyNoise * text.length;
}

/**
 * The encoding of a file's bytes as `TextDecoder` names it, or null if they are not text: UTF-8,
 * UTF-16 with or without a byte order mark, or a legacy encoding recognised by its letters. A NUL
 * byte in the head outside UTF-16 means binary, as in git.
 * @param bytes the file or its head, which may cut its last character
 * @param stated the stated encoding, as `TextDecoder` names it; replaces the guess if the file is
 * not UTF-8 and decodes in it
 */
export function detectEncoding(bytes: Uint8Array, stated: string | null = null): string | null {
  const head = bytes.subarray(0, headBytes);
  const utf16 = utf16Encoding(head);
  if (utf16 !== null) {
    return utf16;
  }
  const wide = stated?.startsWith('utf-16') === true;
  if (head.includes(0)) {
    // East Asian text has too few NUL bytes, from line ends alone, to recognise UTF-16 by them.
    return wide && readsAsUtf16(stated, head) ? stated : null;
  }
  const noise = controlShare(bytes);
  if (noise > mostNoise) {
    return null;
  }
  if (isIso2022Jp(bytes)) {
    return 'iso-2022-jp';
  }
  if (isUtf8(bytes, stated)) {
    return 'utf-8';
  }
  if (noise > mostLegacyNoise) {
    return null;
  }
  return stated !== null && !wide && readsAsStated(stated, bytes) ? stated : legacyEncoding(bytes);
}

/**
 * Decodes text: removes a byte order mark, turns invalid sequences and NUL into U+FFFD, and ends
 * lines with `\n`.
 * @param encoding as returned by `detectEncoding`; detected here by default
 */
export function decodeText(bytes: Uint8Array, encoding = detectEncoding(bytes)): string {
  const name = encoding ?? 'utf-8';
  let text = new TextDecoder(name).decode(bytes);
  if (name.toLowerCase() === 'windows-1252' || name.toLowerCase() === 'iso-8859-1') {
    text = text.replace(/[\x80-\x9f]/g, (sign) => windows1252[sign.charCodeAt(0) - 0x80] ?? sign);
  }
  return text.replace(/\r\n?/g, '\n').replaceAll('\0', '\uFFFD');
}
