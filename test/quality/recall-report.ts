import { questionKinds } from './generator/facts.ts';
import type { QuestionResult, RepositoryResult } from './recall-measurement.ts';
import type { Interval } from './statistics.ts';
import { ratioInterval, ratioOf, wilsonInterval } from './statistics.ts';
import { formatTable } from './table.ts';

/** One recall mode, over all repositories, compared with the baseline of the same questions. */
export interface Summary {
  readonly recall: string;
  readonly questions: number;
  readonly right: number;
  readonly wrong: number;
  readonly notFound: number;
  readonly baselineRight: number;
  readonly accuracy: Interval;
  /** Right answers per right answer of the baseline. */
  readonly ratio: number;
  readonly ratioInterval: Interval;
  readonly recalledIt: number;
  readonly citedIt: number;
  readonly kinds: readonly KindSummary[];
  readonly keptShare: number;
  readonly peakKvBytes: number;
  readonly budgetBytes: number;
  readonly chunkBytes: number;
  /** Whether KV bytes stayed within budget plus one chunk in every repository. */
  readonly withinBudget: boolean;
}

interface KindSummary {
  readonly kind: string;
  readonly questions: number;
  readonly right: number;
  readonly baselineRight: number;
}

/** Summarises; `baseline[i]` answers the questions of `results[i]` in the same order. */
export function summarise(
  recall: string,
  results: readonly RepositoryResult[],
  baseline: readonly (readonly QuestionResult[])[],
): Summary {
  const pairs = results.map(({ questions }, repository) =>
    questions.map((result, index) => ({
      result,
      right: result.outcome === 'right',
      baselineRight: baseline[repository]?.[index]?.outcome === 'right',
    })),
  );
  const all = pairs.flat();
  const count = (test: (pair: (typeof all)[number]) => boolean): number => all.filter(test).length;
  const right = count((pair) => pair.right);
  const largest = (of: (result: RepositoryResult) => number): number =>
    Math.max(...results.map(of));
  return {
    recall,
    questions: all.length,
    right,
    wrong: count(({ result }) => result.outcome === 'wrong'),
    notFound: count(({ result }) => result.outcome === 'not-found'),
    baselineRight: count((pair) => pair.baselineRight),
    accuracy: wilsonInterval(right, all.length),
    ratio: ratioOf(all),
    ratioInterval: ratioInterval(pairs, 1),
    recalledIt: count(({ result }) => result.recalledIt),
    citedIt: count(({ result }) => result.citedIt),
    kinds: questionKinds.map((kind) => {
      const own = all.filter(({ result }) => result.question.kind === kind);
      return {
        kind,
        questions: own.length,
        right: own.filter((pair) => pair.right).length,
        baselineRight: own.filter((pair) => pair.baselineRight).length,
      };
    }),
    keptShare: largest(({ keptShare }) => keptShare),
    peakKvBytes: largest(({ peakKvBytes }) => peakKvBytes),
    budgetBytes: largest(({ budgetBytes }) => budgetBytes),
    chunkBytes: largest(({ chunkBytes }) => chunkBytes),
    withinBudget: results.every(
      ({ peakKvBytes, budgetBytes, chunkBytes }) => peakKvBytes <= budgetBytes + chunkBytes,
    ),
  };
}

/** Formats the tables for a terminal. */
export function formatSummaries(summaries: readonly Summary[]): string {
  const kinds = summaries.flatMap(({ recall, kinds: rows }) =>
    rows.map((row) => ({
      recall,
      kind: row.kind,
      questions: row.questions,
      right: row.right,
      'own file alone': row.baselineRight,
    })),
  );
  const totals = summaries.map((summary) => ({
    recall: summary.recall,
    right: `${String(summary.right)}/${String(summary.questions)} (${formatInterval(summary.accuracy)})`,
    wrong: summary.wrong,
    'not found': summary.notFound,
    'own file alone': summary.baselineRight,
    ratio: `${summary.ratio.toFixed(3)} (${formatInterval(summary.ratioInterval)})`,
    'line recalled': summary.recalledIt,
    'line cited': summary.citedIt,
    'peak KV': `${formatBytes(summary.peakKvBytes)} of ${formatBytes(summary.budgetBytes)} + ${formatBytes(summary.chunkBytes)}`,
  }));
  return `${formatTable(kinds)}\n\n${formatTable(totals)}`;
}

function formatInterval({ low, high }: Interval): string {
  return `${low.toFixed(3)}-${high.toFixed(3)}`;
}

function formatBytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(2)} MiB`;
}
