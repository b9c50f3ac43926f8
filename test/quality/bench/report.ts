/** Writes tables and figures of a measurement. */
import { join } from 'node:path';
import type { Estimate } from '../statistics.ts';
import { formatTable } from '../table.ts';
import { cellName } from './axes.ts';
import { lineChart } from './chart.ts';
import { writeWhole } from './results.ts';
import type { Document } from './results.ts';
import {
  depthShares,
  difference,
  figure,
  kindShares,
  metricNames,
  metrics,
  outcomeCounts,
  rowsOf,
} from './summary.ts';
import type { Metric, Row } from './summary.ts';

const shown: readonly Metric[] = ['recall', 'needle', 'copy', 'similarity', 'loss', 'greedy'];
const drawn: readonly Metric[] = ['recall', 'needle', 'similarity', 'loss'];

/** Returns the report in Markdown, and also writes it to a file if one is named. */
export async function writeReport(document: Document, path: string | null): Promise<string> {
  const text = formatReport(document);
  if (path !== null) await writeWhole(path, text);
  return text;
}

export function formatReport({ subject, runs }: Document): string {
  const rows = rowsOf(runs);
  const reference = rows.filter((row) => row.reference);
  const parts = [
    '# What a compressed memory still knows',
    `Model ${subject.model}; seed ${String(subject.seed)}; ${String(subject.questions)} questions of recall to a repository, hidden while it was read. Shares with 95 % bootstrap intervals over repositories and questions. Budgets are tokens per layer and KV head, so that equal budgets of one type are equal bytes.`,
    ...groupsOf(rows).map(([title, group]) =>
      [
        `## ${title}`,
        formatTable([...reference, ...group].map(mainCells)),
        '### Right by depth: where in the stream the answer stands',
        formatTable([...reference, ...group].map(depthCells)),
        '### Right by kind',
        formatTable([...reference, ...group].map(kindCells)),
        ...differences(group),
      ].join('\n\n'),
    ),
    ...failures(refusals(runs)),
  ];
  return parts.join('\n\n') + '\n';
}

/**
 * Writes one figure for each metric, length, mode, storage type and recall mode.
 * @returns the files
 */
export async function writeFigures(document: Document, folder: string): Promise<string[]> {
  const rows = rowsOf(document.runs);
  const files: string[] = [];
  for (const [title, group] of groupsOf(rows)) {
    for (const recall of new Set(group.map((row) => row.recall))) {
      const own = group.filter((row) => row.recall === recall);
      const whole = rows.find((row) => row.reference && row.recall === recall);
      for (const metric of drawn) {
        const svg = drawFigure(own, whole, metric, `${title}, recall ${recall}`);
        if (svg === null) continue;
        const name = `${metric} ${title} recall-${recall}`.replaceAll(/[^\w.-]+/g, '-');
        const file = join(folder, `${name}.svg`);
        await writeWhole(file, svg);
        files.push(file);
      }
    }
  }
  return files;
}

function drawFigure(
  rows: readonly Row[],
  reference: Row | undefined,
  metric: Metric,
  subtitle: string,
): string | null {
  const tokens = (budget: string): number =>
    Math.max(...rows.filter(({ cell }) => cell.budget === budget).map(meanBudget));
  const budgets = [...new Set(rows.map(({ cell }) => cell.budget))].sort(
    (a, b) => tokens(a) - tokens(b),
  );
  const series = [...new Set(rows.map(({ cell }) => cell.policy))].map((name) => ({
    name,
    points: budgets.map((budget) => {
      const row = rows.find(({ cell }) => cell.policy === name && cell.budget === budget);
      return row === undefined ? null : figure(row, metric);
    }),
  }));
  if (series.every(({ points }) => points.every((point) => point === null))) return null;
  const whole = reference === undefined ? null : figure(reference, metric);
  const { title } = metrics[metric];
  return lineChart({
    title: `${title.charAt(0).toUpperCase()}${title.slice(1)} by budget`,
    subtitle,
    xTitle: 'Budget: share of the repository, or tokens, per layer and KV head',
    yTitle: metric === 'loss' ? 'nats per token' : 'share, 0 to 1',
    categories: budgets,
    series,
    reference: whole === null ? null : { name: 'all tokens, 1 context', value: whole.mean },
    range: metric === 'loss' ? null : [0, 1],
  });
}

/** Groups rows that differ only in policy, budget and recall. */
function groupsOf(rows: readonly Row[]): [string, Row[]][] {
  const groups = new Map<string, Row[]>();
  for (const row of rows.filter(({ reference }) => !reference)) {
    const { length, mode, kvType } = row.cell;
    const size = length === 0 ? 'A given repository' : `${String(length)} contexts`;
    const title = `${size}, ${mode}, ${kvType}`;
    groups.set(title, [...(groups.get(title) ?? []), row]);
  }
  return [...groups];
}

function names(row: Row): Record<string, string> {
  return {
    policy: row.reference ? `all tokens at ${row.cell.kvType}, 1 context` : row.cell.policy,
    budget: row.cell.budget,
    recall: row.recall,
  };
}

function mainCells(row: Row): Record<string, string | number> {
  const counts = outcomeCounts(row);
  const most = (of: (run: Row['runs'][number]) => number): number => Math.max(...row.runs.map(of));
  return {
    ...names(row),
    ...Object.fromEntries(
      shown.map((metric) => [metrics[metric].title, formatEstimate(figure(row, metric))]),
    ),
    'right / wrong / not found': Object.values(counts).join(' / '),
    'tokens held': `${String(Math.round(most((run) => run.heldTokens)))} of ${String(most((run) => run.streamTokens))}`,
    'KV, MiB (peak)': `${mebibytes(most((run) => run.kvBytes))} (${mebibytes(most((run) => run.peakKvBytes))})`,
  };
}

function depthCells(row: Row): Record<string, string> {
  const fifths = ['0-20 %', '20-40 %', '40-60 %', '60-80 %', '80-100 %'];
  const shares = depthShares(row).map((share, index): [string, string] => [
    fifths[index] ?? '',
    formatEstimate(share),
  ]);
  return { ...names(row), ...Object.fromEntries(shares) };
}

function kindCells(row: Row): Record<string, string> {
  const shares = kindShares(row).map(({ task, kind, right, of }): [string, string] => [
    `${task} ${kind}`,
    `${String(right)}/${String(of)}`,
  ]);
  return { ...names(row), ...Object.fromEntries(shares) };
}

/** Compares the first policy with each other one, where nothing else differs. */
function differences(rows: readonly Row[]): string[] {
  const first = rows[0]?.cell.policy;
  const cells = rows.flatMap((row) => {
    const best = rows.find(
      ({ cell, recall }) =>
        cell.policy === first && cell.budget === row.cell.budget && recall === row.recall,
    );
    if (best === undefined || row.cell.policy === first) return [];
    const figures = metricNames.map((metric): [string, string] => [
      metrics[metric].title,
      formatEstimate(difference(best, row, metric)),
    ]);
    return [
      {
        'less policy': row.cell.policy,
        budget: row.cell.budget,
        recall: row.recall,
        ...Object.fromEntries(figures),
      },
    ];
  });
  if (cells.length === 0) return [];
  return [`### ${first ?? ''} less each other policy, on the same questions`, formatTable(cells)];
}

function refusals(runs: Document['runs']): Map<string, string[]> {
  const sentences = new Map<string, string[]>();
  for (const { cell, failure, reference } of runs) {
    if (failure === null) continue;
    const name = `${reference ? 'reference ' : ''}${cellName(cell)}`;
    const known = sentences.get(failure) ?? [];
    if (!known.includes(name)) sentences.set(failure, [...known, name]);
  }
  return sentences;
}

function failures(sentences: ReadonlyMap<string, readonly string[]>): string[] {
  if (sentences.size === 0) return [];
  const lines = [...sentences].map(([failure, cells]) => `- ${cells.join('; ')}: ${failure}`);
  return [`## Not measured\n\n${lines.join('\n')}`];
}

function meanBudget({ runs }: Row): number {
  return runs.reduce((sum, { budgetTokens }) => sum + budgetTokens, 0) / runs.length;
}

function formatEstimate(estimate: Estimate | null): string {
  if (estimate === null) return '-';
  const [mean, low, high] = [estimate.mean, estimate.low, estimate.high].map((v) => v.toFixed(2));
  return `${mean ?? ''} (${low ?? ''} to ${high ?? ''})`;
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(2);
}
