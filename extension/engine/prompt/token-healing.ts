/**
 * Completing from where no token ends. `retu|` is read as two tokens that no text the model was
 * trained on has in a row, and the last blank before a word belongs to the word: the pre-tokenisers
 * of GPT-2, Llama 3 and Qwen split a run of blanks before its last one, and SentencePiece writes
 * `▁return`. So the end of the text is taken back, and what is written must begin with its bytes.
 * A token may also end within them: only bytes are demanded, never a token that covers them all
 * (Athiwaratkun et al., Token Alignment via Character Matching, arXiv 2403.08688).
 */

import type { NativeModel } from '../native/contract.ts';
import type { Vocabulary } from './vocabulary.ts';

/** What may be taken back at most, in characters. */
const longestWord = 16;
const longestPunctuation = 4;

/** The end of a text that the next token may reach back into; each is followed by nothing. */
const ends: readonly RegExp[] = [
  // A word, with the one blank or mark that its token may begin with.
  new RegExp(`[^\\p{L}\\p{N}_\\r\\n]?[\\p{L}\\p{N}_]{1,${String(longestWord)}}$`, 'u'),
  // Marks, with the one blank before them.
  new RegExp(`[^\\S\\r\\n]?[^\\p{L}\\p{N}_\\s]{1,${String(longestPunctuation)}}$`, 'u'),
  // The last blank alone: those before it are a token of their own whatever follows.
  /[^\S\r\n]$/u,
];

/** A text whose end is taken back. */
export interface HealedText {
  /** What the prompt has of it. */
  readonly kept: string;
  /** What the text written must begin with; empty behind a line's end, which is a fresh start. */
  readonly removed: string;
}

/** Takes back what the next token may reach into. */
export function heal(text: string): HealedText {
  for (const end of ends) {
    // Looking at more than the end would be slow in a long text.
    const tail = text.slice(-(longestWord + 1) * 2);
    const removed = end.exec(tail)?.[0];
    if (removed !== undefined) return { kept: text.slice(0, -removed.length), removed };
  }
  return { kept: text, removed: '' };
}

/** Why a token may not be what comes next, by its bytes behind those that are demanded. */
export type Refused = (rest: Uint8Array) => boolean;

/** What comes next, and how many bytes of it were demanded. */
export interface AlignedToken {
  readonly token: number;
  readonly demanded: number;
  /** Whether more bytes follow those that were demanded. */
  readonly goesBeyond: boolean;
}

/**
 * The likeliest token that agrees with the bytes that are still demanded.
 * @param logits one per token of the vocabulary.
 * @param demanded at least one byte.
 * @param refuses asked of tokens that go beyond the demanded bytes.
 * @returns null where no token agrees with them.
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

/** The likeliest of all tokens whose bytes are not refused; tokens without bytes are not asked. */
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
