/** Generates text token by token after a prompt that is already in the tail. */

import { isCancellation, throwIfCancelled } from '../core/errors.ts';
import type {
  NativeCancellation,
  NativeMemory,
  NativeModel,
  NativeSampler,
} from '../native/contract.ts';
import { AnswerTail } from './answer-tail.ts';
import { TextStream } from './text-stream.ts';

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
  /** The tokens of the text, as sampled. */
  readonly tokens: readonly number[];
  readonly outputTokens: number;
  /** Including the token that ended the text. */
  readonly sampledTokens: number;
  /** Tokens of the text that each KV head evicted to make room for later ones. */
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
  const stream = new TextStream();
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
      const token = decided?.token ?? tail.sample(sampler);
      sampledTokens += 1;
      lastTokenAt = performance.now();
      firstTokenAt ??= lastTokenAt;
      const bytes = model.tokenBytes(token);
      // A control token without text, such as the start of another turn, ends this turn.
      const ends = model.isEndOfGeneration(token) || bytes.length === 0;
      if (ends || request.stopTokens.has(token)) break;
      tokens.push(token);
      const piece = stream.push(bytes.subarray(decided?.hiddenBytes ?? 0));
      if (piece !== '' && request.onText(piece, stream.text) === 'stop') break;
      if (tokens.length >= request.maxTokens) {
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
  const rest = stream.end();
  if (rest !== '') request.onText(rest, stream.text);
  return {
    text: stream.text,
    tokens,
    outputTokens: tokens.length,
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
