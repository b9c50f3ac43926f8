/** The likelihood of a text under a model: for measurements, and for trying prompt formats. */

import type { NativeCancellation, NativeMemory } from '../native/contract.ts';

export interface ContinuationScore {
  /** Nats, summed over the expected tokens. */
  readonly negativeLogLikelihood: number;
  /** Nats of each expected token. */
  readonly losses: readonly number[];
  /** Whether each expected token is the likeliest one, given those before it. */
  readonly greedy: boolean;
}

/**
 * Scores the continuation of a prompt, each token given the memory, the prompt and the expected
 * tokens before it. The tail is always empty afterwards.
 * @param prompt at least one token; must fit the tail together with `expected`.
 * @throws RangeError for a token that is not in the vocabulary; what the addon rejects with
 *   (`tail-full`, `cancelled`).
 */
export async function scoreContinuation(
  tail: Pick<NativeMemory, 'extend' | 'logits' | 'cut'>,
  prompt: Int32Array,
  expected: Int32Array,
  options: { readonly attendMemory: boolean; readonly cancellation: NativeCancellation },
): Promise<ContinuationScore> {
  const losses: number[] = [];
  let greedy = true;
  try {
    tail.cut(0);
    let known = prompt;
    for (const token of expected) {
      await tail.extend(known, { observe: false, ...options });
      const logits = tail.logits();
      losses.push(surprise(logits, token));
      greedy &&= likeliest(logits) === token;
      known = Int32Array.of(token);
    }
    const negativeLogLikelihood = losses.reduce((sum, loss) => sum + loss, 0);
    return { negativeLogLikelihood, losses, greedy };
  } finally {
    tail.cut(0);
  }
}

/**
 * Returns the negative log-probability of a token, in nats.
 * @throws RangeError for a token without a logit
 */
export function surprise(logits: Float32Array, token: number): number {
  const logit = logits[token];
  if (logit === undefined) {
    throw new RangeError(`The vocabulary has no token ${String(token)}.`);
  }
  // Subtract the largest, or exp overflows.
  const most = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const sum = logits.reduce((total, value) => total + Math.exp(value - most), 0);
  return most - logit + Math.log(sum);
}

/** Returns the token with the largest logit; the first of equal ones, like the greedy sampler. */
function likeliest(logits: Float32Array): number {
  let best = 0;
  for (let token = 1; token < logits.length; token++) {
    if ((logits[token] ?? -Infinity) > (logits[best] ?? -Infinity)) best = token;
  }
  return best;
}
