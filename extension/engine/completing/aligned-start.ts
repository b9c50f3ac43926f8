/**
 * The first tokens of a completion, which rewrite the removed end of the text before the cursor.
 */

import type { NativeCancellation, NativeMemory, NativeModel } from '../native/contract.ts';
import { likeliestAligned, likeliestAllowed } from '../prompt/token-healing.ts';
import type { Refused } from '../prompt/token-healing.ts';
import type { Vocabulary } from '../prompt/vocabulary.ts';

export interface AlignedStart {
  /** Tokens now in the tail after the prompt. */
  readonly tokens: number;
  /** A first token that is already decided, and how many of its bytes are not part of the text. */
  readonly first: { readonly token: number; readonly hiddenBytes: number } | null;
}

export interface AlignmentRequest {
  readonly model: Pick<NativeModel, 'tokenize' | 'tokenBytes'>;
  readonly vocabulary: Vocabulary;
  /** Holds the prompt, whose last token's logits are computed. */
  readonly tail: Pick<NativeMemory, 'extend' | 'logits'> & {
    /** Removes the last tokens, so that `length` are left. */
    readonly shorten: (length: number, cancellation: NativeCancellation) => Promise<void>;
  };
  readonly promptTokens: number;
  /** The removed text. */
  readonly removed: string;
  /** The cursor's line up to the cursor. */
  readonly line: string;
  readonly cancellation: NativeCancellation;
}

const [tab, blank] = [0x09, 0x20];

/**
 * Writes the likeliest tokens that rewrite the removed text.
 * @throws what the addon rejects with.
 */
export async function alignStart(request: AlignmentRequest): Promise<AlignedStart> {
  const { model, tail, promptTokens, line, vocabulary } = request;
  // The line is already indented: code begins here, never further to the right.
  const indented = /^[\t ]+$/u.test(line);
  const refuses: Refused = ([byte]) => indented && (byte === tab || byte === blank);
  let demanded = new TextEncoder().encode(request.removed);
  let tokens = 0;
  while (demanded.length > 0) {
    const next = likeliestAligned(vocabulary, tail.logits(), demanded, refuses);
    if (next === null) {
      // The vocabulary lacks these bytes: use the tokeniser's tokens.
      await tail.shorten(promptTokens, request.cancellation);
      const written = model.tokenize(request.removed, { special: false });
      await extend(request, written);
      return { tokens: written.length, first: null };
    }
    if (next.goesBeyond) {
      return { tokens, first: { token: next.token, hiddenBytes: next.demanded } };
    }
    await extend(request, Int32Array.of(next.token));
    tokens += 1;
    demanded = demanded.slice(next.demanded);
  }
  if (!indented) return { tokens, first: null };
  const token = likeliestAllowed(model, tail.logits(), refuses);
  return { tokens, first: { token, hiddenBytes: 0 } };
}

async function extend({ tail, cancellation }: AlignmentRequest, tokens: Int32Array): Promise<void> {
  await tail.extend(tokens, { observe: false, attendMemory: true, cancellation });
}
