/** Completes at a cursor: the text around it goes into the tail, after the memory. */

import type { CompleteParameters, Completion } from '../../protocol/requests/complete.ts';
import { alignStart } from './aligned-start.ts';
import { cancellable } from '../native/cancellation.ts';
import { CompletionEnd } from './completion-end.ts';
import { completionEnds } from '../prompt/code-marks.ts';
import { completionPrompt, requireInfill } from '../prompt/completion-prompt.ts';
import { cancelled, throwIfCancelled } from '../core/errors.ts';
import { generate } from '../generation/generate.ts';
import type { NativeSamplerOptions } from '../native/contract.ts';
import type { Repository } from '../memory/repository.ts';

/** Always the likeliest token: completions are not sampled. */
export const greedy: NativeSamplerOptions = {
  temperature: 0,
  topK: 1,
  topP: 1,
  minP: 0,
  repeatPenalty: 1,
  repeatLast: 0,
  seed: 0,
};

/** What belongs to one piece of work at a cursor. */
export interface CursorContext {
  readonly signal: AbortSignal;
  readonly askedAt: number;
}

/** Work at a cursor. */
export type CursorWork<T> = (held: Repository, context: CursorContext) => Promise<T>;

/**
 * Completes at a cursor. The caller owns the memory, whose tail for completions keeps the text.
 * @throws EngineError `completion-unsupported` for a model without fill-in-the-middle tokens;
 *   `cancelled`; what the addon rejects with.
 */
export async function complete(
  repository: Repository,
  parameters: CompleteParameters,
  context: CursorContext,
): Promise<Completion> {
  const { addon, model, formats } = repository;
  const tail = repository.tails.completion;
  requireInfill(model);
  const { prefix, suffix } = parameters;
  const { tokens, removed } = completionPrompt(
    { model, formats, tailCapacity: tail.capacity, window: repository.tails.window },
    parameters,
    formats.completion.format,
  );
  const end = new CompletionEnd(prefix, suffix);
  const sampler = model.createSampler(greedy);
  const written: { wanted: string | null } = { wanted: null };
  let promptTokens = tokens.length;
  let reusedTokens = 0;
  try {
    const generation = await cancellable(addon, context.signal, async (cancellation) => {
      reusedTokens = await tail.hold(tokens, { attendMemory: true, cancellation });
      const start = await alignStart({
        model,
        vocabulary: formats.completion.vocabulary,
        tail,
        promptTokens,
        removed,
        line: prefix.slice(prefix.lastIndexOf('\n') + 1),
        cancellation,
      });
      promptTokens += start.tokens;
      return generate({
        model,
        tail,
        sampler,
        first: start.first,
        attendMemory: true,
        promptTokens,
        maxTokens: Math.min(parameters.maxTokens, tail.capacity - promptTokens),
        stopTokens: completionEnds(model),
        signal: context.signal,
        cancellation,
        onText: (_, text) => {
          written.wanted = end.find(text);
          return written.wanted === null ? 'continue' : 'stop';
        },
      });
    });
    // A cancelled completion has no partial result.
    throwIfCancelled(context.signal);
    if (generation.stopReason === 'cancelled') throw cancelled();
    const cutOff = generation.stopReason === 'length';
    return {
      text: written.wanted ?? end.finish(generation.text, { cutOff }),
      promptTokens,
      reusedTokens,
      outputTokens: generation.outputTokens,
      totalMs: performance.now() - context.askedAt,
    };
  } finally {
    sampler.dispose();
  }
}
