/** Completing at a cursor: the text around it in the tail, behind what is remembered. */

import type { CompleteParameters, Completion } from '../protocol/engine.ts';
import { cancellable } from './cancellation.ts';
import { CompletionEnd } from './completion-end.ts';
import { cancelled, EngineError, throwIfCancelled } from './errors.ts';
import { generate, structureTokens } from './generate.ts';
import type { NativeModel } from './native.ts';
import type { Repository } from './repository.ts';
import { shareCompletion } from './tail-policy.ts';
import { concatenate } from './tokens.ts';

/** More characters than this per wanted token are not even tokenised. */
const charactersPerToken = 12;

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
  const prompt = completionPrompt(repository, parameters);
  const end = new CompletionEnd(parameters.suffix);
  const written: { wanted: string | null } = { wanted: null };
  const sampler = model.createSampler({
    temperature: 0,
    topK: 1,
    topP: 1,
    minP: 0,
    repeatPenalty: 1,
    repeatLast: 0,
    seed: 0,
  });
  try {
    const generation = await cancellable(addon, context.signal, async (cancellation) => {
      await memory.extend(prompt, { observe: false, attendMemory: true, cancellation });
      return generate({
        model,
        memory,
        sampler,
        attendMemory: true,
        maxTokens: Math.min(parameters.maxTokens, tailCapacity - prompt.length),
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
      promptTokens: prompt.length,
      outputTokens: generation.outputTokens,
      totalMs: performance.now() - context.askedAt,
    };
  } finally {
    memory.cut(0);
    sampler.dispose();
  }
}

/**
 * The file's header, then the text before and after the cursor in the order prefix, suffix, middle.
 * @throws EngineError `completion-unsupported`
 */
export function completionPrompt(
  repository: Pick<Repository, 'model' | 'formats' | 'tailCapacity'>,
  parameters: Pick<CompleteParameters, 'path' | 'prefix' | 'suffix'>,
): Int32Array {
  const { model, formats, tailCapacity } = repository;
  const { fimPrefix, fimSuffix, fimMiddle } = model.info.tokens;
  if (fimPrefix < 0 || fimSuffix < 0 || fimMiddle < 0) {
    throw new EngineError(
      'completion-unsupported',
      `The model ${model.info.name} has no fill-in-the-middle tokens; choose one that does, e.g. a coder model, for inline completions.`,
    );
  }
  const path = formats.layout.fileHeader(parameters.path);
  const header = path.length <= tailCapacity / 8 ? path : new Int32Array();
  const shares = shareCompletion(tailCapacity, header.length + 3);
  return concatenate(
    header,
    Int32Array.of(fimPrefix),
    lastTokens(model, parameters.prefix, shares.prefixTokens),
    Int32Array.of(fimSuffix),
    firstTokens(model, parameters.suffix, shares.suffixTokens),
    Int32Array.of(fimMiddle),
  );
}

function lastTokens(model: Pick<NativeModel, 'tokenize'>, text: string, count: number): Int32Array {
  if (count === 0) return new Int32Array();
  const tokens = model.tokenize(text.slice(-count * charactersPerToken), {
    special: false,
  });
  return tokens.slice(Math.max(0, tokens.length - count));
}

function firstTokens(
  model: Pick<NativeModel, 'tokenize'>,
  text: string,
  count: number,
): Int32Array {
  const tokens = model.tokenize(text.slice(0, count * charactersPerToken), {
    special: false,
  });
  return tokens.slice(0, count);
}
