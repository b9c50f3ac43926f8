/** Generates text token by token after a prompt that is already in the tail. */

import { isCancellation, throwIfCancelled } from '../core/errors.ts';
import type {
  NativeCancellation,
  NativeMemory,
  NativeModel,
  NativeSampler,
} from '../native/contract.ts';
import { AnswerTail } from './answer-tail.ts';
import { AnswerWriter } from './answer-writer.ts';
import type { Reasoning, ReasoningRequest } from './answer-writer.ts';

export interface GenerationRequest {
  readonly model: Pick<NativeModel, 'tokenBytes' | 'isEndOfGeneration'>;
  /** Holds the prompt, whose last token's logits are computed. */
  readonly tail: Pick<NativeMemory, 'sample' | 'extend' | 'evictTail'> & {
    /** The number of tokens that it can hold. */
    readonly capacity: number;
  };
  readonly sampler: NativeSampler;
  /** A first token that is already decided, and how many of its bytes are not part of the text. */
  readonly first?: { readonly token: number; readonly hiddenBytes: number } | null;
  /** As for the prompt. */
  readonly attendMemory: boolean;
  /** Tokens of the prompt in the tail. */
  readonly promptTokens: number;
  /** At least 1. If the tail is full, it evicts while the text is written. */
  readonly maxTokens: number;
  /** Tokens that end the text, in addition to the model's own. */
  readonly stopTokens: ReadonlySet<number>;
  /** What the model writes for itself before the text; absent: it writes nothing of the kind. */
  readonly reasoning?: ReasoningRequest | null;
  readonly signal: AbortSignal;
  readonly cancellation: NativeCancellation;
  /**
   * Receives whole characters as they are written.
   * @returns `stop` to end the text here.
   */
  readonly onText: (piece: string, text: string) => 'continue' | 'stop';
}

export interface Generation {
  readonly text: string;
  /** What the model wrote for itself before the text; null: nothing. */
  readonly reasoning: Reasoning | null;
  /** The tokens of the reasoning and the text, as sampled or put in. */
  readonly tokens: readonly number[];
  /** Tokens of the text. */
  readonly outputTokens: number;
  /** Including the token that ended the text. */
  readonly sampledTokens: number;
  /** Tokens of reasoning and text that each KV head evicted to make room for later ones. */
  readonly evictedTokens: number;
  /** `length` also if the tail is full and cannot evict. */
  readonly stopReason: 'end' | 'length' | 'cancelled';
  /** As `performance.now()`; null if there is no token. */
  readonly firstTokenAt: number | null;
  readonly lastTokenAt: number | null;
}

/**
 * Generates until the model ends, `onText` stops it, the limit is reached or the signal fires. A
 * cancelled text is a result, so that it is not lost.
 * @throws whatever the addon rejects with, except a cancellation.
 */
export async function generate(request: GenerationRequest): Promise<Generation> {
  const { model, tail, sampler, signal } = request;
  const writer = new AnswerWriter(request.reasoning ?? null, request.onText);
  const forced: number[] = [];
  const answer = new AnswerTail(request.promptTokens, tail.capacity);
  const tokens: number[] = [];
  let sampledTokens = 0;
  let firstTokenAt: number | null = null;
  let lastTokenAt: number | null = null;
  let stopReason: Generation['stopReason'] = 'end';
  try {
    for (;;) {
      throwIfCancelled(signal);
      const decided = sampledTokens === 0 ? (request.first ?? null) : null;
      const put = forced.shift();
      const token = put ?? decided?.token ?? tail.sample(sampler);
      sampledTokens += 1;
      lastTokenAt = performance.now();
      firstTokenAt ??= lastTokenAt;
      const mark = writer.textOf(token);
      const bytes = mark ?? model.tokenBytes(token);
      // A control token without text, such as the start of another turn, ends this turn.
      const ends = model.isEndOfGeneration(token) || bytes.length === 0;
      if (put === undefined && (ends || (mark === null && request.stopTokens.has(token)))) {
        // A model that ends while it reasons still owes the answer.
        const closing = writer.close();
        if (closing.length === 0) break;
        forced.push(...closing);
        continue;
      }
      tokens.push(token);
      const next = writer.push(bytes.subarray(decided?.hiddenBytes ?? 0));
      if (next.stops) break;
      forced.push(...next.forced);
      if (writer.answerTokens >= request.maxTokens) {
        stopReason = 'length';
        break;
      }
      if (!(await answer.makeRoom(tail, request.cancellation))) {
        stopReason = 'length';
        break;
      }
      await tail.extend(Int32Array.of(token), {
        observe: false,
        attendMemory: request.attendMemory,
        cancellation: request.cancellation,
      });
      answer.tokens += 1;
    }
  } catch (error) {
    if (!isCancellation(error)) throw error;
    stopReason = 'cancelled';
  }
  writer.end();
  return {
    text: writer.text,
    reasoning: writer.reasoning,
    tokens,
    outputTokens: writer.answerTokens,
    sampledTokens,
    evictedTokens: answer.evictedTokens,
    stopReason,
    firstTokenAt,
    lastTokenAt,
  };
}

/** Tokens per second between the first and the last token; 0 for fewer than two. */
export function tokensPerSecond(generation: Omit<Generation, 'stopReason'>): number {
  const { firstTokenAt, lastTokenAt, sampledTokens } = generation;
  if (firstTokenAt === null || lastTokenAt === null || lastTokenAt <= firstTokenAt) return 0;
  return (sampledTokens - 1) / ((lastTokenAt - firstTokenAt) / 1000);
}
