/** Completing at a cursor: the text around it in the tail, behind what is remembered. */

import type { CompleteParameters, Completion } from '../protocol/engine.ts';
import { cancellable } from './cancellation.ts';
import { CompletionEnd } from './completion-end.ts';
import { completionFormatOf } from './completion-format.ts';
import { completionPrompt, requireInfill } from './completion-prompt.ts';
import { cancelled, throwIfCancelled } from './errors.ts';
import { generate, structureTokens } from './generate.ts';
import type { NativeSamplerOptions } from './native.ts';
import type { Repository } from './repository.ts';
import { likeliestBeginningWith } from './token-healing.ts';

/** Always the likeliest token: a completion is a suggestion, not a draw. */
export const greedy: NativeSamplerOptions = {
  temperature: 0,
  topK: 1,
  topP: 1,
  minP: 0,
  repeatPenalty: 1,
  repeatLast: 0,
  seed: 0,
};

/**
 * Completes at a cursor. The caller owns the memory, whose tail is empty before and after.
 * @throws EngineError `completion-unsupported` for a model without fill-in-the-middle tokens;
 *   `cancelled`; what the addon rejects with.
 */
export async function complete(
  repository: Repository,
  parameters: CompleteParameters,
  context: { readonly signal: AbortSignal; readonly askedAt: number },
): Promise<Completion> {
  const { addon, model, memory, tailCapacity } = repository;
  requireInfill(model);
  const format = await completionFormatOf(repository, context.signal);
  const prompt = completionPrompt(repository, parameters, format);
  const end = new CompletionEnd(parameters.suffix);
  const written: { wanted: string | null } = { wanted: null };
  const sampler = model.createSampler(greedy);
  try {
    const generation = await cancellable(addon, context.signal, async (cancellation) => {
      await memory.extend(prompt.tokens, { observe: false, attendMemory: true, cancellation });
      const first = likeliestBeginningWith(model, memory.logits(), prompt.removed);
      return generate({
        model,
        memory,
        sampler,
        first: first === null ? null : { token: first, hiddenBytes: prompt.removed.length },
        attendMemory: true,
        promptTokens: prompt.tokens.length,
        tailCapacity,
        maxTokens: Math.min(parameters.maxTokens, tailCapacity - prompt.tokens.length),
        stopTokens: structureTokens(model),
        signal: context.signal,
        cancellation,
        onText: (_, text) => {
          written.wanted = end.find(text, false);
          return written.wanted === null ? 'continue' : 'stop';
        },
      });
    });
    // Nobody waits for half a completion.
    throwIfCancelled(context.signal);
    if (generation.stopReason === 'cancelled') throw cancelled();
    return {
      text: written.wanted ?? end.find(generation.text, true) ?? generation.text,
      promptTokens: prompt.tokens.length,
      outputTokens: generation.outputTokens,
      totalMs: performance.now() - context.askedAt,
    };
  } finally {
    memory.cut(0);
    sampler.dispose();
  }
}
