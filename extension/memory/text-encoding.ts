/** Bytes that git, too, looks at to tell text from binary. */
export const headBytes = 8_192;

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

function encodingOf(bytes: Uint8Array): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) {
    return 'utf-16le';
  }
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
}

/**
 * Whether a file that begins like this is binary: a NUL byte (git's rule) outside UTF-16, or so
 * much that is not UTF-8 that reading it would be noise. Text in an old 8-bit encoding passes.
 */
export function isBinary(head: Uint8Array): boolean {
  if (encodingOf(head) !== 'utf-8') {
    return false;
  }
  const bytes = head.subarray(0, headBytes);
  if (bytes.includes(0)) {
    return true;
  }
  const text = decodeText(bytes);
  let replaced = 0;
  let control = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0xfffd) {
      replaced++;
    } else if (code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0c && code !== 0x1b) {
      control++;
    }
  }
  return replaced > 0.3 * text.length || control > 0.1 * text.length;
}

/**
 * Decodes UTF-8, or UTF-16 where a byte order mark says so. The mark goes, invalid sequences and
 * NUL become U+FFFD, and lines end with `\n`.
 */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes))
    .decode(bytes)
    .replace(/\r\n?/g, '\n')
    .replaceAll('\0', '\uFFFD');
}
