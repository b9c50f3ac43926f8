/** The figures of an answer, folded. */

import { counted, duration, fullCount } from '../../extension/report/format.ts';
import type { Answer } from '../../extension/protocol/answer.ts';
import { element, icon } from '../common/dom.ts';

/** Makes the fold: how long the answer took, what it took, and what the model saw for it. */
export function turnDetails(answer: Answer): HTMLElement {
  return element(
    'details',
    { class: 'turn-details' },
    element('summary', {}, icon('chevron-right', 'twistie'), 'Details'),
    element(
      'dl',
      { class: 'figures' },
      ...rows(answer).flatMap(([name, value]) => [
        element('dt', {}, name),
        element('dd', {}, value),
      ]),
    ),
  );
}

function rows(answer: Answer): [string, string][] {
  const { firstTokenMs, tokensPerSecond, outputTokens, promptTokens, reusedTokens } = answer;
  const { earlierTurns, seenTurns, reasoning } = answer;
  const reused = reusedTokens === 0 ? '' : `, ${fullCount(reusedTokens)} of them computed before`;
  return [
    ['First token', `after ${duration(firstTokenMs / 1000)}`],
    // A rate over one or two tokens is meaningless.
    ...(outputTokens < 3 ? [] : [row('Speed', `${fullCount(tokensPerSecond)} tokens/s`)]),
    ...(reasoning === undefined ? [] : [row('Reasoning', counted(reasoning.tokens, 'token'))]),
    ['Answer', counted(outputTokens, 'token')],
    ['Prompt', `${counted(promptTokens, 'token')}${reused}`],
    ...(earlierTurns === 0
      ? []
      : [row('Earlier turns', `${fullCount(seenTurns)} of ${fullCount(earlierTurns)} seen`)]),
  ];
}

function row(name: string, value: string): [string, string] {
  return [name, value];
}
