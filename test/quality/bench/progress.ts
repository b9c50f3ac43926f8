/** Shows the progress of a long measurement in a terminal. */
import type { Run } from './results.ts';

/** Estimates the remaining time from the time and cost of the steps so far. */
export class RemainingTime {
  readonly #costs: readonly number[];
  readonly #now: () => number;
  readonly #startedAt: number;
  #done = 0;

  /** @param costs of each step, in any unit */
  constructor(costs: readonly number[], now: () => number = () => performance.now()) {
    // A step of unknown cost still counts.
    this.#costs = costs.map((cost) => Math.max(1, cost));
    this.#now = now;
    this.#startedAt = now();
  }

  /** Marks one more step as done. */
  advance(): void {
    this.#done += 1;
  }

  describe(): string {
    const steps = `${String(this.#done)} of ${String(this.#costs.length)}`;
    const spent = sum(this.#costs.slice(0, this.#done));
    const left = sum(this.#costs.slice(this.#done));
    if (left === 0 || spent === 0) return steps;
    return `${steps}, ${formatSeconds(((this.#now() - this.#startedAt) / 1000 / spent) * left)} left`;
  }
}

/** Summarises a run's cost and results in half a line. */
export function describeRun(run: Run): string {
  if (run.failure !== null) return `not measured: ${run.failure}`;
  const recall = run.items.filter(({ task, headline }) => task === 'recall' && headline);
  const right = recall.filter(({ outcome }) => outcome === 'right').length;
  return [
    `${run.streamTokens.toLocaleString('en-US')} tokens in ${formatSeconds(run.ingestMs / 1000)}`,
    `${String(run.items.length)} answers in ${formatSeconds(run.askMs / 1000)}`,
    `${(run.kvBytes / 2 ** 20).toFixed(2)} MiB`,
    ...(recall.length === 0 ? [] : [`recall ${String(right)}/${String(recall.length)}`]),
  ].join(', ');
}

export function formatSeconds(seconds: number): string {
  if (seconds < 90) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  if (seconds < 5400) return `${(seconds / 60).toFixed(0)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
