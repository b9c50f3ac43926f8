/**
 * `npm run quality:recall`: reads generated repositories within a budget and compares the answers
 * with those of the same model if the file with the answer is its whole context. Exits with 1 if
 * fewer than 95 % as many are right, or if the memory exceeds its budget plus one chunk.
 *
 *     npm run quality:recall -- [--seed N] [--repositories 5] [--questions 40] [--tokens N]
 *         [--budget 10%] [--policy default] [--recall both[,attention,...]] [--model GGUF]
 *         [--gpu cpu] [--held-out-words] [--json FILE]
 *
 * With several values of `--recall`, the first one determines the exit code.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { GeneratedRepository } from './generator/repository.ts';
import { generateRepository } from './generator/repository.ts';
import type { QuestionResult, RepositoryResult } from './recall-measurement.ts';
import { measureBaseline, measureRepository } from './recall-measurement.ts';
import type { Summary } from './recall-report.ts';
import { formatSummaries, summarise } from './recall-report.ts';

const leastRatio = 0.95;

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: '1000' },
    repositories: { type: 'string', default: '5' },
    questions: { type: 'string', default: '40' },
    tokens: { type: 'string', default: '34000' },
    budget: { type: 'string', default: '10%' },
    policy: { type: 'string', default: 'default' },
    recall: { type: 'string', default: 'both' },
    model: { type: 'string' },
    gpu: { type: 'string', default: 'cpu' },
    'held-out-words': { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});

function report(text: string): void {
  process.stderr.write(`${text}\n`);
}

function generate(): GeneratedRepository[] {
  return Array.from({ length: Number(options.repositories) }, (_, index) =>
    generateRepository({
      seed: Number(options.seed) + index,
      tokens: Number(options.tokens),
      questions: Number(options.questions),
      heldOutWords: options['held-out-words'],
    }),
  );
}

async function main(): Promise<void> {
  const model = options.model === undefined ? [] : ['--model', resolve(options.model)];
  const more = ['--gpu', options.gpu, ...model];
  const repositories = generate();
  const baseline: QuestionResult[][] = [];
  for (const [index, repository] of repositories.entries()) {
    report(
      `${repository.name}: own file alone (${String(index + 1)}/${String(repositories.length)})`,
    );
    baseline.push(await measureBaseline(repository, more));
  }
  const summaries: Summary[] = [];
  const details: Record<string, RepositoryResult[]> = {};
  for (const recall of options.recall.split(',')) {
    const results: RepositoryResult[] = [];
    for (const repository of repositories) {
      report(`${repository.name}: recall ${recall}`);
      const { budget, policy } = options;
      results.push(await measureRepository(repository, { budget, policy, recall, more }));
    }
    details[recall] = results;
    summaries.push(summarise(recall, results, baseline));
  }
  console.log(formatSummaries(summaries));
  if (options.json !== undefined) {
    await mkdir(dirname(resolve(options.json)), { recursive: true });
    const document = { options, summaries, baseline, details };
    await writeFile(options.json, JSON.stringify(document, null, 2) + '\n');
  }
  const [decisive] = summaries;
  if (decisive === undefined || !(decisive.ratio >= leastRatio)) {
    report(`The ratio is below ${String(leastRatio)}.`);
    process.exitCode = 1;
  }
  if (!summaries.every(({ withinBudget }) => withinBudget)) {
    report('KV bytes exceeded the budget and one chunk.');
    process.exitCode = 1;
  }
}

await main();
