/** Summarises the runs of a cell, with intervals over repositories. */
import type { RecallMode } from '../../../extension/protocol/requests/ask.ts';
import type { Estimate, Weighted } from '../statistics.ts';
import { meanInterval } from '../statistics.ts';
import { cellName } from './axes.ts';
import type { Cell } from './axes.ts';
import type { Outcome } from './judge.ts';
import type { ItemResult, Run } from './results.ts';

/** The metrics of a row. Each selects its items and computes a value for each of them. */
export const metrics = {
  recall: { title: 'questions right', better: 'more', of: share('recall') },
  needle: { title: 'needles right', better: 'more', of: share('needle') },
  copy: { title: 'copied exactly', better: 'more', of: share('copy') },
  similarity: { title: 'copy similarity', better: 'more', of: score('copy') },
  loss: { title: 'loss, nats per token', better: 'less', of: natsPerToken },
  greedy: { title: 'greedy lines', better: 'more', of: share('loss') },
} as const satisfies Record<
  string,
  {
    readonly title: string;
    readonly better: 'more' | 'less';
    readonly of: (item: ItemResult) => Weighted | null;
  }
>;
export type Metric = keyof typeof metrics;
export const metricNames = Object.keys(metrics).filter((name): name is Metric => name in metrics);

/** One cell in one recall mode, over all repositories. */
export interface Row {
  readonly cell: Cell;
  readonly reference: boolean;
  readonly recall: RecallMode;
  /** The items of each repository. */
  readonly repositories: readonly (readonly ItemResult[])[];
  readonly runs: readonly Run[];
}

/** Groups runs into rows, in the order of the runs. */
export function rowsOf(runs: readonly Run[]): Row[] {
  const groups = new Map<string, Run[]>();
  for (const run of runs) {
    if (run.failure !== null) continue;
    const key = `${String(run.reference)} ${cellName(run.cell)}`;
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups.values()].flatMap((group): Row[] => {
    const [first] = group;
    if (first === undefined) return [];
    const recalls = [...new Set(group.flatMap(({ items }) => items.map((item) => item.recall)))];
    return recalls.map((recall) => ({
      cell: first.cell,
      reference: first.reference,
      recall,
      runs: group,
      repositories: group.map(({ items }) => items.filter((item) => item.recall === recall)),
    }));
  });
}

/** A metric of a row; null if the row has no such items. */
export function figure(row: Row, metric: Metric): Estimate | null {
  return meanInterval(
    row.repositories.map((items) => observations(items, metric).map(([, value]) => value)),
    1,
  );
}

/**
 * How much `row` exceeds `other` in a metric, on the same questions of the same repositories; null
 * if they share none.
 */
export function difference(row: Row, other: Row, metric: Metric): Estimate | null {
  const groups = row.runs.map((run, index) => {
    const same = other.runs.findIndex(({ repository }) => repository === run.repository);
    const theirs = new Map(observations(other.repositories[same] ?? [], metric));
    return observations(row.repositories[index] ?? [], metric).flatMap(([item, value]) => {
      const their = theirs.get(item);
      return their === undefined ? [] : [{ sum: value.sum - their.sum, weight: value.weight }];
    });
  });
  return meanInterval(groups, 1);
}

/** Counts the outcomes of a row's questions in words that belong to the headline. */
export function outcomeCounts(row: Row): Record<Outcome, number> {
  const counts = { right: 0, wrong: 0, 'not-found': 0 };
  for (const item of askedItems(row)) counts[item.outcome] += 1;
  return counts;
}

/** The shares right by the answer's depth in the stream, from the first fifth to the last. */
export function depthShares(row: Row): (Estimate | null)[] {
  return Array.from({ length: 5 }, (_, fifth) =>
    meanInterval(
      row.repositories.map((items) =>
        items
          .filter((item) => isAsked(item) && Math.min(4, Math.floor(item.depth * 5)) === fifth)
          .map(isRight),
      ),
      1,
    ),
  );
}

/** The shares right for each kind of item. */
export function kindShares(row: Row): { task: string; kind: string; right: number; of: number }[] {
  const groups = new Map<string, { task: string; kind: string; right: number; of: number }>();
  for (const { task, kind, outcome } of row.repositories.flat()) {
    const group = groups.get(`${task} ${kind}`) ?? { task, kind, right: 0, of: 0 };
    group.of += 1;
    if (outcome === 'right') group.right += 1;
    groups.set(`${task} ${kind}`, group);
  }
  return [...groups.values()];
}

/** The items of a metric with their values, by their index in the benchmark. */
export function observations(
  items: readonly ItemResult[],
  metric: Metric,
): (readonly [number, Weighted])[] {
  return items.flatMap((item) => {
    const value = metrics[metric].of(item);
    return value === null ? [] : [[item.index, value] as const];
  });
}

function askedItems(row: Row): ItemResult[] {
  return row.repositories.flat().filter(isAsked);
}

function isAsked({ task, headline }: ItemResult): boolean {
  return headline && (task === 'recall' || task === 'needle');
}

function isRight({ outcome }: ItemResult): Weighted {
  return { sum: outcome === 'right' ? 1 : 0, weight: 1 };
}

function share(task: string): (item: ItemResult) => Weighted | null {
  return (item) => (item.task === task && item.headline ? isRight(item) : null);
}

function score(task: string): (item: ItemResult) => Weighted | null {
  return (item) => (item.task === task ? { sum: item.score, weight: 1 } : null);
}

function natsPerToken({ nats, tokens }: ItemResult): Weighted | null {
  return nats === null ? null : { sum: nats, weight: tokens };
}
