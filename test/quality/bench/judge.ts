/** Judges answers. */
import { distance } from 'fastest-levenshtein';

/** An empty answer or a refusal is not a wrong answer: compression turns the one into the other. */
export const outcomes = ['right', 'wrong', 'not-found'] as const;
export type Outcome = (typeof outcomes)[number];

export interface Verdict {
  readonly outcome: Outcome;
  /** In [0, 1]: the share of the expected values found, or the similarity of a copy. */
  readonly score: number;
}

const refusal =
  /\b(not (found|defined|mentioned|provided|present|specified|available|given)|cannot|can't|could not|don't know|do not know|does not (exist|contain|appear|mention)|unknown|no (information|mention|such)|unable|unclear|n\/a)\b/i;

/**
 * Judges an answer in words: right if it contains each expected value as a whole word, as in RULER,
 * so that a model may answer in sentences.
 */
export function judgeAnswer(answers: readonly string[], answer: string): Verdict {
  const found = answers.filter((expected) => says(answer, expected)).length;
  const score = found / answers.length;
  if (score === 1) return { outcome: 'right', score };
  const missing = answer.trim() === '' || (found === 0 && refusal.test(answer));
  return { outcome: missing ? 'not-found' : 'wrong', score };
}

/**
 * Judges a copy: right if exact except for surrounding blanks; else similarity by edit distance.
 */
export function judgeCopy(expected: string, copy: string): Verdict {
  const [wanted, written] = [expected.trim(), copy.trim()];
  if (written === '') return { outcome: 'not-found', score: 0 };
  const score = 1 - distance(wanted, written) / Math.max(wanted.length, written.length);
  return { outcome: wanted === written ? 'right' : 'wrong', score };
}

function says(answer: string, expected: string): boolean {
  const literal = expected.replaceAll(/[$()*+.?[\\\]^{|}/-]/g, '\\$&');
  return new RegExp(`(?<![\\w$])${literal}(?![\\w$])`).test(answer);
}
