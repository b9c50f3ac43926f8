import { Random } from './generator/random.ts';

/** An interval that contains the true value in 95 of 100 measurements. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

const z95 = 1.959964;

/**
 * Wilson's score interval of a proportion (Wilson, JASA 22, 1927), sound for few trials and for
 * proportions near 0 and 1.
 */
export function wilsonInterval(successes: number, trials: number): Interval {
  if (trials === 0) return { low: 0, high: 1 };
  const proportion = successes / trials;
  const scale = 1 + z95 ** 2 / trials;
  const centre = (proportion + z95 ** 2 / (2 * trials)) / scale;
  const half =
    (z95 / scale) *
    Math.sqrt((proportion * (1 - proportion)) / trials + z95 ** 2 / (4 * trials ** 2));
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

/** The same question answered in two ways. */
export interface Pair {
  readonly right: boolean;
  readonly baselineRight: boolean;
}

/** The number of right answers per right answer of the baseline. */
export function ratioOf(pairs: readonly Pair[]): number {
  const right = pairs.filter((pair) => pair.right).length;
  return right / pairs.filter((pair) => pair.baselineRight).length;
}

/**
 * The percentile bootstrap interval of {@link ratioOf}: draws repositories with replacement, then
 * questions within each, keeping both answers of a question together.
 */
export function ratioInterval(
  repositories: readonly (readonly Pair[])[],
  seed: number,
  draws = 2000,
): Interval {
  const random = new Random(seed);
  const ratios = Array.from({ length: draws }, () => {
    const drawn = repositories.flatMap(() => {
      const questions = random.pick(repositories);
      return questions.map(() => random.pick(questions));
    });
    return ratioOf(drawn);
  }).sort((a, b) => a - b);
  return { low: quantile(ratios, 0.025), high: quantile(ratios, 0.975) };
}

/** One observation of a mean; for a rate per token, the weight is the number of tokens. */
export interface Weighted {
  readonly sum: number;
  readonly weight: number;
}

export interface Estimate extends Interval {
  readonly mean: number;
}

/**
 * A mean with its percentile bootstrap interval: draws repositories, then questions within each, as
 * in {@link ratioInterval}. For differences between two answers to the same question, it is the
 * interval of a paired difference. Null without observations.
 */
export function meanInterval(
  repositories: readonly (readonly Weighted[])[],
  seed: number,
  draws = 1000,
): Estimate | null {
  const groups = repositories.filter((group) => group.length > 0);
  if (groups.length === 0) return null;
  const random = new Random(seed);
  const means = Array.from({ length: draws }, () =>
    meanOf(
      groups.flatMap(() => {
        const group = random.pick(groups);
        return group.map(() => random.pick(group));
      }),
    ),
  ).sort((a, b) => a - b);
  return { mean: meanOf(groups.flat()), low: quantile(means, 0.025), high: quantile(means, 0.975) };
}

function meanOf(values: readonly Weighted[]): number {
  let sum = 0;
  let weight = 0;
  for (const value of values) {
    sum += value.sum;
    weight += value.weight;
  }
  return sum / weight;
}

/** The median: the middle value, or the mean of the two middle values. */
export function median(values: readonly number[]): number {
  return quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  );
}

/** An interpolated quantile of ascending values. @throws RangeError if there are none. */
export function quantile(ascending: readonly number[], share: number): number {
  const place = share * (ascending.length - 1);
  const low = ascending[Math.floor(place)];
  const high = ascending[Math.ceil(place)];
  if (low === undefined || high === undefined) throw new RangeError('No values.');
  return low + (high - low) * (place - Math.floor(place));
}
