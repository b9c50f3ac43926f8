/** What a question attends to in the memory, before it is answered. */

import type { NativeCancellation } from '../native/contract.ts';
import type { Repository } from '../memory/repository.ts';

/** Names nothing, so that it attends only to what every question attends to. */
const neutralQuestion = 'What is this repository about?';

/** What computing the attention of a question takes. */
export interface Observing {
  readonly repository: Repository;
  readonly cancellation: NativeCancellation;
}

/** Computes the attention of a question, as tokens, to each token of the stream. */
export async function attentionOf(
  turn: Int32Array,
  { repository, cancellation }: Observing,
): Promise<Float32Array> {
  const { tails, index } = repository;
  const attention = new Float32Array(index.tokens);
  const tail = tails.measuring;
  tail.cut(0);
  // If the tail cannot hold the question, its end is what matters.
  const observed = await tail.extend(turn.subarray(-tail.capacity), {
    observe: true,
    attendMemory: true,
    cancellation,
  });
  if (observed !== null) attention.set(observed.subarray(0, attention.length));
  return attention;
}

/**
 * Computes the attention of any question, once for a repository. Most attention goes to the same few
 * tokens for every question; only the difference shows what a question is about.
 */
export async function attentionBaseline(observing: Observing): Promise<Float32Array> {
  const { repository } = observing;
  const known = repository.attentionBaseline;
  if (known !== null) return known;
  const observed = await attentionOf(repository.formats.chat.question(neutralQuestion), observing);
  repository.attentionBaseline = observed;
  return observed;
}
