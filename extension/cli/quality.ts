/** `loci quality`: measures a memory of this repository at several budgets. */

import { parseBudget } from '../protocol/budget.ts';
import type { Budget } from '../protocol/budget.ts';
import { duration } from '../report/format.ts';
import { policyNames } from '../protocol/policies.ts';
import type { PolicyName } from '../protocol/policies.ts';
import {
  describeQuestions,
  describeSufficient,
  qualityChart,
  qualityColumns,
  qualityRows,
} from '../report/quality-summary.ts';
import { questionForms } from '../protocol/requests/probes.ts';
import type { QuestionForm } from '../protocol/requests/probes.ts';
import { defaultForm, defaultPolicies } from '../quality/defaults.ts';
import { measureQuality } from '../quality/measure.ts';
import type { Measurement, QualityPlan, QualityStep } from '../quality/measure.ts';
import type { Command, CommandContext, ParsedArguments } from './command.ts';
import { withOwnEngine } from './own-engine.ts';
import {
  flag,
  integer,
  openOptions,
  openParameters,
  outputOptions,
  requireFolders,
  text,
} from './options.ts';
import { writeOutputFile } from './output-file.ts';
import { describeProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

const defaultBudgets = '100%,50%,25%,10%,5%';

export const qualityCommand: Command = {
  name: 'quality',
  summary:
    'Read a repository at several budgets and measure what each memory still knows about its code.',
  usage: '--repo DIR [--budget LIST] [--policy LIST] [options]',
  options: {
    ...openOptions,
    budget: {
      type: 'string',
      value: 'LIST',
      help: `A comma-separated list of budgets: tokens, shares of the repository or sizes; ${defaultBudgets} by default.`,
    },
    policy: {
      type: 'string',
      value: 'LIST',
      help: `A comma-separated list of policies: ${policyNames.join(', ')}; ${defaultPolicies().join(',')} by default. "full" is also measured if it fits.`,
    },
    ask: {
      type: 'string',
      value: 'FORM',
      help: 'line: lines of code to continue, for any model; words: questions, for chat models that continue code badly. The default is words for the bundled model and line for others.',
    },
    recall: {
      type: 'string',
      value: 'MODE',
      help: 'Only off is allowed, because the measurement is of the memory alone.',
    },
    questions: { type: 'string', value: 'N', help: 'The number of questions; 60 by default.' },
    seed: {
      type: 'string',
      value: 'N',
      help: 'The random seed that selects the questions; 1 by default.',
    },
    svg: { type: 'string', value: 'FILE', output: true, help: 'Write the curve to this file.' },
    ...outputOptions,
  },
  run,
};

async function run(parsed: ParsedArguments, context: CommandContext): Promise<void> {
  const { terminal, signal } = context;
  const plan = planOf(parsed);
  await requireFolders(plan.opening);
  const svg = text(parsed, 'svg');
  const verbose = flag(parsed, 'verbose');
  const listener = stepListener(terminal);
  const startedAt = performance.now();
  const measurement = await withOwnEngine(
    {
      terminal,
      verbose,
      signal,
      // Without an updating line, the steps are enough.
      onProgress: (progress) => {
        terminal.status(describeProgress(progress));
      },
    },
    (client) => measureQuality(client, plan, listener, signal),
  );
  for (const notice of measurement.report.notices) terminal.note(notice);
  terminal.note(`Measured in ${duration((performance.now() - startedAt) / 1000)}.`);
  // Print the measurement first: it must not be lost if the chart cannot be written.
  if (flag(parsed, 'json')) terminal.json(documentOf(measurement));
  else terminal.out(tableOf(measurement));
  if (svg !== undefined) {
    const chart = qualityChart(measurement.report, 'exact', { alone: true });
    await writeOutputFile('svg', svg, `${chart}\n`);
  }
}

/** @throws UsageError */
function planOf(parsed: ParsedArguments): QualityPlan {
  const recall = text(parsed, 'recall');
  if (recall !== undefined && recall !== 'off') {
    throw new UsageError(
      `--recall must be off here, not "${recall}", because only the memory is measured.`,
    );
  }
  const single = new Map(parsed.values);
  single.delete('budget');
  single.delete('policy');
  const opening = openParameters({ ...parsed, values: single });
  return {
    opening,
    policies: policiesOf(text(parsed, 'policy')),
    budgets: listOf(text(parsed, 'budget') ?? defaultBudgets, 'budget').map(budgetOf),
    questions: integer(parsed, 'questions', 60, 1, 10_000),
    seed: integer(parsed, 'seed', 1, 0, 0xffffffff),
    form: formOf(text(parsed, 'ask')) ?? defaultForm(opening),
  };
}

function policiesOf(list: string | undefined): PolicyName[] {
  if (list === undefined) return [...defaultPolicies()];
  const names = listOf(list, 'policy').map((name) => {
    const found = policyNames.find((policy) => policy === name);
    if (found === undefined) {
      throw new UsageError(`--policy must be a list of ${policyNames.join(', ')}, not "${name}".`);
    }
    return found;
  });
  const evicting = [...new Set(names)].filter((name) => name !== 'full');
  if (evicting.length === 0) {
    throw new UsageError('--policy names no policy that evicts. Add one, such as "default".');
  }
  return evicting;
}

function formOf(name: string | undefined): QuestionForm | undefined {
  const form = questionForms.find((candidate) => candidate === name);
  if (name !== undefined && form === undefined) {
    throw new UsageError(`--ask must be one of ${questionForms.join(', ')}, not "${name}".`);
  }
  return form;
}

function budgetOf(part: string): Budget {
  const parsing = parseBudget(part);
  if (!parsing.ok) throw new UsageError(parsing.message);
  return parsing.budget;
}

function listOf(list: string, option: string): string[] {
  const parts = list.split(',').map((part) => part.trim());
  if (parts.includes('')) throw new UsageError(`--${option} has an empty part: "${list}".`);
  return parts;
}

function stepListener(terminal: Terminal): (step: QualityStep) => void {
  let told = '';
  return (step) => {
    const { activity, label, asked, questions } = step;
    const place = `[${String(step.step)}/${String(step.steps)}] ${label}`;
    const doing =
      activity === 'reading' ? 'reading' : `${String(asked)} of ${String(questions)} questions`;
    terminal.status(`${place}: ${doing}`);
    if (!terminal.interactive && place !== told) terminal.note(`${place}: ${doing}`);
    told = place;
  };
}

function tableOf({ report }: Measurement): string {
  const rows = [[...qualityColumns], ...qualityRows(report)];
  const widths = qualityColumns.map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
  return `${describeQuestions(report)}\n\n${lines.join('\n')}\n\n${describeSufficient(report)}\n`;
}

/**
 * The document of `--json`: the report, then every question with its scores in each measurement.
 */
function documentOf({ report, probes, scores }: Measurement): unknown {
  const questions = probes.map((probe, index) => ({
    ...probe,
    scores: Object.fromEntries([...scores].map(([label, list]) => [label, list[index]])),
  }));
  return { ...report, questions };
}
