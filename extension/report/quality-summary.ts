/** Presents a measurement as a chart, a table and a sentence, for the terminal and the views. */

import { drawChart } from './chart.ts';
import type { Chart } from './chart.ts';
import { byteSize, fullCount } from './format.ts';
import type { Accuracy, QualityCell, QualityReport } from '../protocol/quality-report.ts';

/** The measure on the y axis. */
export type QualityMeasure = 'exact' | 'nats';

/** How far a smaller budget's share of exact answers may fall behind and still count as equal. */
const tolerance = 0.02;

/** Two budgets can count as equal only if their intervals are no wider than this. */
const narrow = 0.2;

/** Draws the curve of every policy as SVG text. */
export function qualityChart(
  report: QualityReport,
  measure: QualityMeasure,
  options: { readonly alone: boolean },
): string {
  return drawChart(measure === 'exact' ? exactChart(report) : natsChart(report), options);
}

function exactChart(report: QualityReport): Chart {
  const most = Math.max(...accuracies(report).map(({ high }) => 100 * high));
  const yMost = [10, 20, 50].find((limit) => most <= limit) ?? 100;
  return {
    ...base(report, (accuracy) => 100 * accuracy.share),
    title: `Exact answers against budget: ${report.model}`,
    yLabel: 'Exact answers (%)',
    yMost,
    yStep: yMost / 5,
    series: seriesOf(report, ({ share, low, high }) => [100 * share, [100 * low, 100 * high]]),
  };
}

function natsChart(report: QualityReport): Chart {
  const most = Math.max(...accuracies(report).map(({ natsPerToken }) => natsPerToken));
  const yStep = [0.1, 0.2, 0.5, 1, 2].find((step) => most <= 5 * step) ?? Math.ceil(most / 5);
  return {
    ...base(report, ({ natsPerToken }) => natsPerToken),
    title: `Loss against budget, lower is better: ${report.model}`,
    yLabel: 'Loss (nats per token)',
    yMost: yStep * Math.max(1, Math.ceil(most / yStep)),
    yStep,
    series: seriesOf(report, ({ natsPerToken }) => [natsPerToken, null]),
  };
}

function base(
  { alone, full }: QualityReport,
  value: (accuracy: Accuracy) => number,
): Pick<Chart, 'xLabel' | 'levels'> {
  return {
    xLabel: 'Budget (% of the repository’s tokens)',
    levels: [
      { name: 'no memory', y: value(alone) },
      ...(full === null ? [] : [{ name: 'everything kept', y: value(full.accuracy) }]),
    ],
  };
}

function seriesOf(
  { cells }: QualityReport,
  value: (accuracy: Accuracy) => readonly [number, readonly [number, number] | null],
): Chart['series'] {
  return [...new Set(cells.map(({ policy }) => policy))].map((policy) => ({
    name: policy,
    points: cells
      .filter((cell) => cell.policy === policy)
      .toSorted((a, b) => a.budgetShare - b.budgetShare)
      .map(({ budgetShare, accuracy }) => {
        const [y, range] = value(accuracy);
        return { x: 100 * budgetShare, y, range };
      }),
  }));
}

function accuracies({ alone, full, cells }: QualityReport): Accuracy[] {
  return [alone, ...(full === null ? [] : [full.accuracy]), ...cells.map((cell) => cell.accuracy)];
}

export const qualityColumns = [
  'Policy',
  'Budget',
  'Tokens held',
  'KV memory',
  'Exact',
  '95 % interval',
  'Nats/token',
] as const;

/** The cells of the table as text, in the order of {@link qualityColumns}. */
export function qualityRows({ alone, full, cells }: QualityReport): string[][] {
  const all = full === null ? cells : [...cells, full];
  return [
    ['no memory', '0%', '0', '0 B', ...figures(alone)],
    ...all.map((cell) => [
      cell.policy,
      describeBudget(cell),
      fullCount(cell.heldTokens),
      byteSize(cell.kvBytes),
      ...figures(cell.accuracy),
    ]),
  ];
}

/** The budget as requested, and the actual share if the model's context allows less. */
function describeBudget({ budget, budgetShare }: QualityCell): string {
  const share = 100 * budgetShare;
  const asked = budget.endsWith('%') ? Number.parseFloat(budget) : share;
  return Math.abs(asked - share) < 0.1 + share / 100 ? budget : `${budget} (${share.toFixed(1)}%)`;
}

function figures({ share, low, high, natsPerToken }: Accuracy): string[] {
  const points = (value: number): string => `${(100 * value).toFixed(1)} %`;
  return [
    points(share),
    `${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)} %`,
    natsPerToken.toFixed(3),
  ];
}

/** Describes the questions in one sentence. */
export function describeQuestions({
  form,
  candidates,
  kinds,
  files,
  tokens,
  seed,
}: QualityReport): string {
  const asked = kinds.constant + kinds.import + kinds.symbol;
  const how = form === 'line' ? 'as lines to continue' : 'in words';
  return (
    `${fullCount(asked)} of ${fullCount(candidates)} possible questions about ${fullCount(files)} files ` +
    `(${fullCount(tokens)} tokens), asked ${how}: ${String(kinds.constant)} about values, ` +
    `${String(kinds.import)} about imports, ${String(kinds.symbol)} about definitions; seed ${String(seed)}.`
  );
}

export type Sufficiency =
  /** The smallest budget that does as well as the best, within the precision of the questions. */
  | { readonly kind: 'enough'; readonly cell: QualityCell; readonly best: QualityCell }
  /** The questions neither separate these two nor show that they are equal. */
  | { readonly kind: 'unclear'; readonly smaller: string; readonly larger: string }
  | { readonly kind: 'none' };

/**
 * Finds which budget of the first policy is enough. There is an answer only if each smaller budget
 * is worse beyond both intervals, and the intervals are narrow enough to call two budgets equal.
 */
export function sufficiency({ cells, alone }: QualityReport): Sufficiency {
  const policy = cells[0]?.policy;
  const own = cells
    .filter((cell) => cell.policy === policy)
    .toSorted((a, b) => a.budgetShare - b.budgetShare);
  const [best] = own.toSorted((a, b) => b.accuracy.share - a.accuracy.share);
  if (best === undefined) return { kind: 'none' };
  if (best.accuracy.low <= alone.high) {
    return { kind: 'unclear', smaller: 'no memory', larger: best.budget };
  }
  for (const cell of own) {
    if (cell.accuracy.high < best.accuracy.low) continue;
    const equal = cell.accuracy.share >= best.accuracy.share - tolerance;
    if (cell === best || (equal && isNarrow(cell) && isNarrow(best))) {
      return { kind: 'enough', cell, best };
    }
    return { kind: 'unclear', smaller: cell.budget, larger: best.budget };
  }
  return { kind: 'none' };
}

function isNarrow({ accuracy }: QualityCell): boolean {
  return accuracy.high - accuracy.low <= narrow;
}

/** Says in one or two sentences which budget is enough, or why this is unclear. */
export function describeSufficient(report: QualityReport): string {
  const found = sufficiency(report);
  switch (found.kind) {
    case 'none':
      return 'No budget could be measured.';
    case 'unclear':
      return `${fullCount(report.alone.probes)} questions are too few to distinguish ${found.smaller} from ${found.larger}. Ask more questions.`;
    case 'enough': {
      const { policy, budget, heldTokens, kvBytes, accuracy } = found.cell;
      const against =
        found.cell === found.best
          ? ''
          : `, against ${percentOf(found.best.accuracy)} at ${found.best.budget}`;
      return `With ${policy}, ${budget} (${fullCount(heldTokens)} tokens, ${byteSize(kvBytes)}) is the smallest budget that does as well as the best: ${percentOf(accuracy)} exact${against}.`;
    }
  }
}

function percentOf({ share }: Accuracy): string {
  return `${(100 * share).toFixed(1)} %`;
}
