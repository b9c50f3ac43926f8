/** A text as names in it are compared, with the way back to how it was written. */
export interface FoldedText {
  readonly text: string;
  /** For each index of `text`, and for its end, the index in the original where it comes from. */
  readonly origin: (index: number) => number;
}

/** A character with what may combine with it: marks, and the vowels and finals of Hangul. */
const cluster = /%[0-9a-f]{2}(?:%[0-9a-f]{2})*|[^\p{M}\u1160-\u11ff][\p{M}\u1160-\u11ff]*|[^]/giu;

/** The one form that names are compared in: composed, lower case, forward slashes. */
export function foldName(name: string): string {
  return name.normalize('NFC').toLowerCase().normalize('NFC').replaceAll('\\', '/');
}

function decode(escapes: string): string {
  try {
    return decodeURIComponent(escapes);
  } catch {
    return escapes;
  }
}

/**
 * Folds a text as {@link foldName} does.
 * @param decodes whether `%20` and the like stand for what they encode
 */
export function foldText(original: string, decodes: boolean): FoldedText {
  if (!decodes) {
    const folded = foldName(original);
    // Folding that moves nothing needs no way back; ASCII is nearly all there is.
    if (isAscii(original)) return { text: folded, origin: (index) => index };
  }
  const parts: string[] = [];
  const origins: number[] = [];
  for (const { 0: part, index } of original.matchAll(cluster)) {
    const escaped = part.length > 2 && part.startsWith('%');
    const folded = foldName(escaped && decodes ? decode(part) : part);
    parts.push(folded);
    for (let offset = 0; offset < folded.length; offset++) {
      // Undecoded escapes keep their own characters; any other cluster is one place.
      origins.push(escaped && !decodes ? index + offset : index);
    }
  }
  origins.push(original.length);
  return { text: parts.join(''), origin: (index) => origins[index] ?? original.length };
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) > 127) return false;
  }
  return true;
}
