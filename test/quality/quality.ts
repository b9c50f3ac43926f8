/**
 * `npm run quality`: measures what a compressed memory still knows. Reads repositories once per
 * cell of a grid of policies, budgets and lengths, and asks each memory many questions that were
 * not known while it was compressed. `bench/options.ts` lists the options.
 *
 *     npm run quality -- --policy laprox,streaming,random --budget 25%,10%
 *     npm run quality -- --quick             compares with baseline.json; exits with 1 if worse
 *     npm run quality:grid                   slices of every axis, into docs/quality
 *     npm run quality -- real --task T1 --model MODEL.gguf --policy default,random --budget 10%
 *                                            real, renamed packages: `real/next-lines/options.ts`
 *
 * `bench/slices.ts` defines the grid.
 */
import { once } from 'node:events';
import { compareWithBaseline, writeBaseline } from './bench/baseline.ts';
import { readOptions } from './bench/options.ts';
import type { QualityOptions } from './bench/options.ts';
import { cellsOf } from './bench/axes.ts';
import type { Cell } from './bench/axes.ts';
import { measureGrid } from './bench/measure.ts';
import { BenchModel } from './bench/model.ts';
import { writeFigures, writeReport } from './bench/report.ts';
import { inOrder, readDocument, writeDocument } from './bench/results.ts';
import type { Document, Run, Subject } from './bench/results.ts';
import { readGrid } from './bench/slices.ts';
import { GeneratedSources, GivenSource } from './bench/sources.ts';
import { runReal } from './real/next-lines/run.ts';
import type { KvType } from '../../extension/protocol/policies.ts';
import { isCancellation } from '../../extension/engine/core/errors.ts';

const usageExitCode = 2;
const interruptedExitCode = 130;

function print(line: string): void {
  process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${line}\n` : `${line}\n`);
}

function printStatus(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`);
}

/** All tokens of one context, in the given type and in the smallest type. */
function references([kvType = 'f16']: readonly KvType[]): Cell[] {
  const cell = { length: 1, mode: 'streaming', policy: 'full', budget: '100%' } as const;
  return [...new Set([kvType, 'q4_0'] as const)].map((type) => ({ ...cell, kvType: type }));
}

async function measure(options: QualityOptions, signal: AbortSignal): Promise<Document> {
  const bench = await BenchModel.load(options.model, options.gpu, signal);
  const { seed, questions, tasks } = options;
  const subject: Subject = {
    model: bench.name,
    seed,
    questions,
    tasks: [...tasks],
    recalls: [...options.recalls],
    budgetBytesOf: options.bytesOf ?? 'own',
    repository: options.repository,
  };
  const runs: Run[] = [];
  const document: Document = { version: 1, subject, runs };
  if (options.resume !== null) {
    const earlier = await readDocument(options.resume, subject);
    // Retry cells that the engine refused earlier.
    runs.push(...earlier.runs.filter(({ failure }) => failure === null));
  }
  const sources =
    options.repository === null
      ? new GeneratedSources(bench, { seed, questions }, tasks)
      : new GivenSource(options.repository, { seed, questions });
  const grid = {
    cells: cellsOf(options),
    // A baseline does not use them, and they cost as much as the rest of a small grid.
    references: options.repository === null && !options.quick ? references(options.kvTypes) : [],
    repositories: options.repository === null ? options.repositories : 1,
    recalls: options.recalls,
    bytesOf: options.bytesOf,
  };
  const listener = {
    onRun: async (run: Run) => {
      runs.push(run);
      if (options.json !== null) await writeDocument(options.json, document);
    },
    onStatus: printStatus,
    onLine: print,
  };
  try {
    await measureGrid(bench, sources, grid, [...runs], listener, signal);
  } catch (error) {
    if (!signal.aborted && !isCancellation(error)) throw error;
    print(`Stopped: what follows rests on the ${String(runs.length)} runs that were finished.`);
    process.exitCode = interruptedExitCode;
  } finally {
    await sources.close();
    bench.dispose();
  }
  return { ...document, runs: inOrder(runs, grid.cells) };
}

/** Measures and reports one product of axes. @returns whether it is worse than its baseline */
async function run(options: QualityOptions, signal: AbortSignal): Promise<boolean> {
  const document = await measure(options, signal);
  if (options.json !== null) await writeDocument(options.json, document);
  process.stdout.write(await writeReport(document, options.markdown));
  if (options.svg !== null) {
    for (const file of await writeFigures(document, options.svg)) print(file);
  }
  if (signal.aborted) return false;
  if (options.writeBaseline) await writeBaseline(document);
  else if (options.quick) {
    const verdict = await compareWithBaseline(document);
    process.stdout.write(`\n${verdict.text}\n`);
    return verdict.worse;
  }
  return false;
}

async function main(): Promise<void> {
  const [first, ...rest] = process.argv.slice(2);
  const isReal = first === 'real';
  const parts =
    first === '--grid' ? readGrid(rest) : isReal ? [] : [readOptions(process.argv.slice(2))];
  const stop = new AbortController();
  const interrupted = once(process, 'SIGINT', { signal: stop.signal }).then(
    () => {
      print('Stopping after this step; once more to stop at once.');
      stop.abort();
    },
    () => undefined,
  );
  if (isReal) await runReal(rest, stop.signal, { onStatus: printStatus, onLine: print });
  for (const options of parts) {
    if (stop.signal.aborted) break;
    if (await run(options, stop.signal)) process.exitCode = 1;
  }
  stop.abort();
  await interrupted;
}

try {
  await main();
} catch (error) {
  process.stderr.write(`quality: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = usageExitCode;
}
