/**
 * Completes where no token ends. `retu|` becomes two tokens that never follow each other in the
 * model's training text, and the last space before a word belongs to the word: the pre-tokenisers
 * of GPT-2, Llama 3 and Qwen split a run of spaces before its last one, and SentencePiece writes
 * `▁return`. So the end of the text is removed, and the completion must begin with its bytes. A
 * token may also end within them: only bytes are required, never one token that covers them all
 * (Athiwaratkun et al., Token Alignment via Character Matching, arXiv 2403.08688).
 */

import type { NativeModel } from '../native/contract.ts';
import type { Vocabulary } from './vocabulary.ts';

/** The most characters that may be removed. */
const longestWord = 16;
const longestPunctuation = 4;

/** Ends of a text that the next token may include. */
const ends: readonly RegExp[] = [
  // A word, with one space or mark with which its token may begin.
  new RegExp(`[^\\p{L}\\p{N}_\\r\\n]?[\\p{L}\\p{N}_]{1,${String(longestWord)}}$`, 'u'),
  // Marks, with one space before them.
  new RegExp(`[^\\S\\r\\n]?[^\\p{L}\\p{N}_\\s]{1,${String(longestPunctuation)}}$`, 'u'),
  // Only the last space: those before it always form a separate token.
  /[^\S\r\n]$/u,
];

/** A text whose end is removed. */
export interface HealedText {
  /** The part in the prompt. */
  readonly kept: string;
  /** The text with which the completion must begin; empty after a line's end. */
  readonly removed: string;
}

/** Removes the end that the next token may include. */
export function heal(text: string): HealedText {
  for (const end of ends) {
    // Searching more than the end would be slow in a long text.
    const tail = text.slice(-(longestWord + 1) * 2);
    const removed = end.exec(tail)?.[0];
    if (removed !== undefined) return { kept: text.slice(0, -removed.length), removed };
  }
  return { kept: text, removed: '' };
}

/** Returns whether a token is refused, by its bytes after the required ones. */
export type Refused = (rest: Uint8Array) => boolean;

/** The next token, and how many of its bytes were required. */
export interface AlignedToken {
  readonly token: number;
  readonly demanded: number;
  /** Whether it has more bytes than the required ones. */
  readonly goesBeyond: boolean;
}

/**
 * Returns the likeliest token that agrees with the remaining required bytes.
 * @param logits one per token of the vocabulary.
 * @param demanded at least one byte.
 * @param refuses called for tokens that go beyond the required bytes.
 * @returns null if no token agrees with them.
 */
export function likeliestAligned(
  vocabulary: Vocabulary,
  logits: Float32Array,
  demanded: Uint8Array,
  refuses: Refused,
): AlignedToken | null {
  let best: AlignedToken | null = null;
  let most = -Infinity;
  for (const { token, bytes } of vocabulary.agreeingWith(demanded)) {
    const logit = logits[token] ?? -Infinity;
    if (logit <= most) continue;
    const goesBeyond = bytes.length > demanded.length;
    if (goesBeyond && refuses(bytes.subarray(demanded.length))) continue;
    most = logit;
    best = { token, demanded: Math.min(bytes.length, demanded.length), goesBeyond };
  }
  return best;
}

/**
 * Returns the likeliest token whose bytes are not refused; tokens without bytes are not checked.
 */
export function likeliestAllowed(
  model: Pick<NativeModel, 'tokenBytes'>,
  logits: Float32Array,
  refuses: Refused,
): number {
  const likelihoods = logits.slice();
  for (;;) {
    let best = 0;
    for (let token = 1; token < likelihoods.length; token += 1) {
      if ((likelihoods[token] ?? -Infinity) > (likelihoods[best] ?? -Infinity)) best = token;
    }
    const bytes = model.tokenBytes(best);
    if (bytes.length === 0 || !refuses(bytes) || likelihoods[best] === -Infinity) return best;
    likelihoods[best] = -Infinity;
  }
}
