/** Aggregates the scores of many questions. */

import type { Accuracy } from '../protocol/quality-report.ts';
import type { ProbeScore } from '../protocol/requests/score.ts';

const z95 = 1.959964;

/**
 * The share of exact answers with Wilson's score interval (Wilson, JASA 22, 1927: sound for few
 * trials and for shares near 0 and 1), and the mean negative log likelihood per token.
 * @throws RangeError if there are no scores
 */
export function accuracyOf(scores: readonly ProbeScore[]): Accuracy {
  const probes = scores.length;
  if (probes === 0) throw new RangeError('There are no scores.');
  const exact = scores.filter((score) => score.exact).length;
  const nats = scores.reduce((sum, score) => sum + score.negativeLogLikelihood, 0);
  const tokens = scores.reduce((sum, score) => sum + score.tokens, 0);
  const share = exact / probes;
  const scale = 1 + z95 ** 2 / probes;
  const centre = (share + z95 ** 2 / (2 * probes)) / scale;
  const half =
    (z95 / scale) * Math.sqrt((share * (1 - share)) / probes + z95 ** 2 / (4 * probes ** 2));
  return {
    probes,
    exact,
    share,
    // Rounding must not move a bound past the share.
    low: Math.min(share, Math.max(0, centre - half)),
    high: Math.max(share, Math.min(1, centre + half)),
    natsPerToken: nats / tokens,
  };
}
