/**
 * Detects whether memory quality has dropped below a committed measurement of the same questions.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { wilsonInterval } from '../statistics.ts';
import { formatTable } from '../table.ts';
import { cellName } from './axes.ts';
import { writeWhole } from './results.ts';
import type { Document } from './results.ts';
import { metricNames, metrics, observations, rowsOf } from './summary.ts';
import type { Metric } from './summary.ts';

const baselinePath = fileURLToPath(new URL('../baseline.json', import.meta.url));

const figureSchema = z.object({
  /** Cell, recall mode and metric. */
  name: z.string(),
  metric: z.enum(['recall', 'needle', 'copy', 'similarity', 'loss', 'greedy']),
  mean: z.number(),
  /** How much worse a figure may be: the variation that another sample of questions could cause. */
  tolerance: z.number(),
  count: z.number(),
});
export type Figure = z.infer<typeof figureSchema>;

const baselineSchema = z.object({ subject: z.unknown(), figures: z.array(figureSchema) });

const z95 = 1.959964;

/** Every figure of a measurement that a baseline stores. */
export function figuresOf(document: Document): Figure[] {
  return rowsOf(document.runs).flatMap((row) =>
    metricNames.flatMap((metric): Figure[] => {
      const values = row.repositories.flatMap((items) =>
        observations(items, metric).map(([, value]) => value),
      );
      if (values.length === 0) return [];
      const sum = values.reduce((total, value) => total + value.sum, 0);
      const weight = values.reduce((total, value) => total + value.weight, 0);
      const mean = sum / weight;
      const name = `${row.reference ? 'reference ' : ''}${cellName(row.cell)} recall ${row.recall} ${metric}`;
      const tolerance = isShare(metric)
        ? mean - wilsonInterval(sum, values.length).low
        : deviation(values, mean) * z95;
      return [{ name, metric, mean, tolerance, count: values.length }];
    }),
  );
}

export interface Verdict {
  readonly worse: boolean;
  readonly text: string;
}

/** Compares figure by figure; a figure that is no longer measured counts as worse. */
export function compare(baseline: readonly Figure[], now: readonly Figure[]): Verdict {
  const rows = baseline.map((before) => {
    const after = now.find(({ name }) => name === before.name);
    const sign = metrics[before.metric].better === 'more' ? 1 : -1;
    const loss = after === undefined ? Infinity : sign * (before.mean - after.mean);
    const other = after !== undefined && after.count !== before.count;
    // Rounding in the file must not make equal figures worse.
    const worse = other || loss > before.tolerance + 1e-9;
    return {
      figure: before.name,
      baseline: before.mean.toFixed(3),
      now: after?.mean.toFixed(3) ?? 'not measured',
      tolerance: before.tolerance.toFixed(3),
      verdict: other ? 'other questions' : worse ? 'WORSE' : 'holds',
    };
  });
  const bad = rows.filter(({ verdict }) => verdict !== 'holds');
  const text =
    bad.length === 0
      ? `All ${String(rows.length)} figures hold against the baseline.`
      : `${formatTable(bad)}\n\n${String(bad.length)} of ${String(rows.length)} figures are worse than the baseline; if that is meant, run npm run quality -- --quick --write-baseline.`;
  return { worse: bad.length > 0, text };
}

/** @throws Error if there is no valid baseline */
export async function compareWithBaseline(document: Document): Promise<Verdict> {
  const baseline = baselineSchema.parse(JSON.parse(await readFile(baselinePath, 'utf8')));
  if (JSON.stringify(baseline.subject) !== JSON.stringify(document.subject)) {
    throw new Error(
      'The baseline is of other questions or another model; --quick is compared with its own options alone.',
    );
  }
  return compare(baseline.figures, figuresOf(document));
}

export async function writeBaseline(document: Document): Promise<void> {
  const baseline = { subject: document.subject, figures: figuresOf(document) };
  await writeWhole(baselinePath, JSON.stringify(baseline, null, 2) + '\n');
}

function isShare(metric: Metric): boolean {
  return metric !== 'loss' && metric !== 'similarity';
}

/** The standard error of a weighted mean. */
function deviation(values: readonly { sum: number; weight: number }[], mean: number): number {
  const weight = values.reduce((total, value) => total + value.weight, 0);
  const squares = values.reduce(
    (total, value) => total + (value.sum - mean * value.weight) ** 2,
    0,
  );
  return Math.sqrt(squares) / weight;
}
