/** The line under the question box: how much of the working set the question takes. */

import type { QuestionWeight } from '../../extension/protocol/requests/weigh-question.ts';
import { fullCount } from '../../extension/report/format.ts';
import { element, fill } from '../common/dom.ts';
import { note } from './turn-footer.ts';

/** Counting waits for a pause in typing. */
const pauseMs = 300;

/** Weighs the question while it is written. */
export class QuestionWeightLine {
  readonly root = element('div', { class: 'ask-weight hint', attributes: { id: 'ask-weight' } });
  readonly #onWeigh: (question: string) => void;
  #question = '';
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** @param onWeigh asks for the weight of a question */
  constructor(onWeigh: (question: string) => void) {
    this.#onWeigh = onWeigh;
  }

  /** Call when the question has changed. */
  follow(question: string): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#question = question.trim();
    if (this.#question === '') {
      fill(this.root);
      return;
    }
    this.#timer = setTimeout(() => {
      this.#onWeigh(this.#question);
    }, pauseMs);
  }

  /** Call when something else that the question takes in has changed. */
  again(): void {
    this.follow(this.#question);
  }

  /** Shows a weight, if it is that of the question as it is now. */
  show(question: string, weight: QuestionWeight | null): void {
    if (question !== this.#question) return;
    const problem = weight === null ? null : problemOf(weight);
    fill(
      this.root,
      ...(weight === null ? [] : [element('span', {}, weightText(weight))]),
      ...(problem === null ? [] : [note('warning', problem)]),
    );
  }
}

/** What a question takes, in one short sentence. */
function weightText({ questionTokens, mentionedTokens, capacityTokens }: QuestionWeight): string {
  const total = `${fullCount(questionTokens + mentionedTokens)} of ${fullCount(capacityTokens)} tokens`;
  return mentionedTokens === 0
    ? total
    : `${total}: question ${fullCount(questionTokens)}, read again ${fullCount(mentionedTokens)}`;
}

/** The least that is left for an answer. */
const leastAnswer = 32;

function problemOf({ questionTokens, capacityTokens, notices }: QuestionWeight): string | null {
  if (questionTokens + leastAnswer > capacityTokens)
    return 'Shorten the question: it does not fit.';
  return notices[0] ?? null;
}
