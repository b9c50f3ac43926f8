/**
 * Decides whether a model completes better with its FIM tokens or without. A model may have them in
 * its vocabulary without having learned them, so it is tried on our own code: no repository
 * influences the format. This takes seconds, so it runs while the engine is idle; until then, the
 * model's name decides.
 */

import { cancellable } from '../native/cancellation.ts';
import type { MarkedModel } from './code-marks.ts';
import { completionPrompt, hasInfill } from './completion-prompt.ts';
import type { CompletionFormat, CompletionModel } from './completion-prompt.ts';
import type { NativeAddon, NativeMemory, NativeModel } from '../native/contract.ts';
import { scoreContinuation } from '../generation/likelihood.ts';
import { Vocabulary } from './vocabulary.ts';

interface Place {
  readonly path: string;
  readonly prefix: string;
  /** The line in between, which the model should predict. */
  readonly line: string;
  readonly suffix: string;
}

/** Ordinary code in which the text on both sides determines the line in between. */
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
    prefix: 'const first = read("first");\nconst second = read("second");\nconst third =',
    line: ' read("third");',
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

/** Every place in both formats; evidence for infill is positive. */
const steps = places.flatMap((place) => [
  { place, format: 'infill', sign: 1 } as const,
  { place, format: 'continuation', sign: -1 } as const,
]);

/** Names of code models; chat models have the marks but have not learned them. */
const codeModel = /code|coder|star|refact|mellum|granite|stable-?code|seed-?oss|codestral|zeta/iu;

/** What the trial needs. */
export type TrialTarget = CompletionModel & {
  readonly addon: Pick<NativeAddon, 'createCancellation'>;
  readonly tail: Pick<NativeMemory, 'extend' | 'logits' | 'cut'>;
};

/** How a loaded model completes: its tokens by their bytes, and the better format. */
export class CompletionSupport {
  readonly vocabulary: Vocabulary;
  readonly #model: MarkedModel;
  #done = 0;
  #advantage = 0;

  constructor(model: MarkedModel & Pick<NativeModel, 'info' | 'tokenBytes'>) {
    this.#model = model;
    this.vocabulary = new Vocabulary(model);
  }

  /** Whether the model was tried or needs no trial. */
  get tried(): boolean {
    return this.#done >= steps.length || !hasInfill(this.#model);
  }

  /** The format to use now. */
  get format(): CompletionFormat {
    if (!this.tried) return codeModel.test(this.#model.info.name) ? 'infill' : 'continuation';
    return this.#advantage >= 0 ? 'infill' : 'continuation';
  }

  /**
   * Tries which format makes missing lines likelier. After a cancellation, the next call continues
   * at the same step. The tail is empty afterwards.
   * @throws EngineError `cancelled`; what the addon rejects with.
   */
  async tryOut(target: TrialTarget, signal: AbortSignal): Promise<void> {
    if (this.tried) return;
    this.vocabulary.prepare();
    for (const { place, format, sign } of steps.slice(this.#done)) {
      this.#advantage += sign * (await logLikelihood(target, place, format, signal));
      this.#done += 1;
    }
  }
}

/** Returns the log-probability of the line. */
async function logLikelihood(
  target: TrialTarget,
  place: Place,
  format: CompletionFormat,
  signal: AbortSignal,
): Promise<number> {
  const { addon, tail, model } = target;
  // The prefix ends at a token boundary, so nothing needs healing.
  const { tokens } = completionPrompt(target, place, format, { heals: false });
  const line = model.tokenize(place.line, { special: false });
  const { negativeLogLikelihood } = await cancellable(addon, signal, (cancellation) =>
    scoreContinuation(tail, tokens, line, { attendMemory: false, cancellation }),
  );
  return -negativeLogLikelihood;
}
