/** Suggests the next edit near the cursor: the last edits go into the tail, after the memory. */

import type { NextEdit, NextEditParameters } from '../../protocol/requests/next-edit.ts';
import { plainLine } from '../../protocol/plain-text.ts';
import { cancelled, EngineError, throwIfCancelled } from '../core/errors.ts';
import { generate } from '../generation/generate.ts';
import type { Repository } from '../memory/repository.ts';
import { cancellable } from '../native/cancellation.ts';
import { completionEnds } from '../prompt/code-marks.ts';
import { nextEditPrompt } from '../prompt/next-edit-prompt.ts';
import { greedy } from './complete.ts';
import type { CursorContext } from './complete.ts';
import { isNextEditOver, nextEditChange } from './next-edit-answer.ts';

/**
 * Suggests one change of lines. The caller owns the memory, whose tail for completions keeps the text.
 * @throws EngineError `next-edit-unsupported` for a model that was not trained for it; `cancelled`;
 *   what the addon rejects with.
 */
export async function nextEdit(
  repository: Repository,
  parameters: NextEditParameters,
  context: CursorContext,
): Promise<NextEdit> {
  const { addon, model, formats } = repository;
  const family = formats.nextEdit;
  if (family === null) {
    throw new EngineError(
      'next-edit-unsupported',
      `The model ${plainLine(model.info.name, 80)} was not trained to suggest next edits. Choose one that was, such as Sweep Next-Edit or Zeta.`,
    );
  }
  const tail = repository.tails.completion;
  const isRead = (path: string): boolean =>
    path === parameters.path || repository.fileOf(path) !== null;
  const edits = parameters.edits.filter(({ path }) => isRead(path));
  const prompt = nextEditPrompt(model, family, { ...parameters, edits }, tail.capacity);
  const sums = { promptTokens: 0, reusedTokens: 0, outputTokens: 0 };
  if (prompt === null) {
    return { change: null, ...sums, totalMs: performance.now() - context.askedAt };
  }
  const { tokens, file, outputTokens } = prompt;
  const sampler = model.createSampler(greedy);
  try {
    const generation = await cancellable(addon, context.signal, async (cancellation) => {
      sums.reusedTokens = await tail.hold(tokens, { attendMemory: true, cancellation });
      return generate({
        ...{ model, tail, sampler, cancellation },
        attendMemory: true,
        promptTokens: tokens.length,
        maxTokens: Math.min(parameters.maxTokens, outputTokens, tail.capacity - tokens.length),
        stopTokens: completionEnds(model),
        signal: context.signal,
        onText: (_, text) => (isNextEditOver(family, text) ? 'stop' : 'continue'),
      });
    });
    throwIfCancelled(context.signal);
    if (generation.stopReason === 'cancelled') throw cancelled();
    // A text that was cut off would delete the rest of the lines.
    const isWhole = generation.stopReason === 'end';
    return {
      change: isWhole ? nextEditChange(family, file, generation.text) : null,
      ...sums,
      promptTokens: tokens.length,
      outputTokens: generation.outputTokens,
      totalMs: performance.now() - context.askedAt,
    };
  } finally {
    sampler.dispose();
  }
}
