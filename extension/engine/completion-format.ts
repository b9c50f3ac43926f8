/**
 * Whether a model completes better with its fill-in-the-middle marks or without. Having the marks
 * in the vocabulary does not mean having learned them, so the model is tried, on code of our own:
 * no repository decides how a model is spoken to.
 */

import { cancellable } from './cancellation.ts';
import { completionPrompt } from './completion-prompt.ts';
import type { CompletionFormat, CompletionModel } from './completion-prompt.ts';
import type { NativeAddon, NativeMemory } from './native.ts';
import { scoreContinuation } from './score.ts';

interface Place {
  readonly path: string;
  readonly prefix: string;
  /** The line in between: what a model is to predict. */
  readonly line: string;
  readonly suffix: string;
}

/** Ordinary code, in which what follows is easy to tell for whoever sees both sides. */
const places: readonly Place[] = [
  {
    path: 'src/sum.ts',
    prefix:
      'export function sum(values: number[]): number {\n  let total = 0;\n  for (const value of values) {\n    total += value;\n  }\n',
    line: '  return total;',
    suffix:
      '\n}\n\nexport function mean(values: number[]): number {\n  return sum(values) / values.length;\n}\n',
  },
  {
    path: 'src/names.ts',
    prefix: 'const first = read("first");\nconst second = read("second");\nconst third = ',
    line: 'read("third");',
    suffix: '\nconst fourth = read("fourth");\nconsole.log(first, second, third, fourth);\n',
  },
  {
    path: 'tools/parse.py',
    prefix:
      'def parse(text):\n    result = []\n    for line in text.split("\\n"):\n        result.append(line)\n',
    line: '    return result',
    suffix: '\n\n\ndef count(text):\n    return len(parse(text))\n',
  },
  {
    path: 'src/point.ts',
    prefix: 'class Point {\n  constructor(x, y) {\n    this.x = x;\n',
    line: '    this.y = y;',
    suffix: '\n  }\n\n  length() {\n    return Math.hypot(this.x, this.y);\n  }\n}\n',
  },
];

/** Every place in both formats; what speaks for infill counts positive. */
const steps = places.flatMap((place) => [
  { place, format: 'infill', sign: 1 } as const,
  { place, format: 'continuation', sign: -1 } as const,
]);

/** How far a model was tried. A cancelled trial goes on at the step it was cancelled in. */
interface Trial {
  done: number;
  advantage: number;
}

const trials = new WeakMap<object, Trial>();

type Target = CompletionModel & {
  readonly addon: Pick<NativeAddon, 'createCancellation'>;
  readonly memory: Pick<NativeMemory, 'extend' | 'logits' | 'cut'>;
};

/**
 * The format under which the model finds the missing lines likelier; tried once per loaded model.
 * The caller owns the memory, whose tail is empty before and after.
 * @throws EngineError `cancelled`; what the addon rejects with.
 */
export async function completionFormatOf(
  target: Target,
  signal: AbortSignal,
): Promise<CompletionFormat> {
  const trial = trials.get(target.model) ?? { done: 0, advantage: 0 };
  trials.set(target.model, trial);
  for (const { place, format, sign } of steps.slice(trial.done)) {
    trial.advantage += sign * (await logLikelihood(target, place, format, signal));
    trial.done += 1;
  }
  return trial.advantage >= 0 ? 'infill' : 'continuation';
}

/** The logarithm of the probability of the line. */
async function logLikelihood(
  target: Target,
  place: Place,
  format: CompletionFormat,
  signal: AbortSignal,
): Promise<number> {
  const { addon, memory, model } = target;
  // The prefix ends where a token does: nothing is to be taken back here.
  const { tokens } = completionPrompt(target, place, format, { heals: false });
  const line = model.tokenize(place.line, { special: false });
  const { negativeLogLikelihood } = await cancellable(addon, signal, (cancellation) =>
    scoreContinuation(memory, tokens, line, { attendMemory: false, cancellation }),
  );
  return -negativeLogLikelihood;
}
