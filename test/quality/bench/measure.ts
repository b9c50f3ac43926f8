/** Measures a grid, cell by cell. */
import { isCancellation } from '../../../extension/engine/core/errors.ts';
import type { RecallMode } from '../../../extension/protocol/requests/ask.ts';
import type { KvType } from '../../../extension/protocol/policies.ts';
import { askItem, waysOf } from './ask-items.ts';
import { cellName, parsePolicy, readBudget } from './axes.ts';
import type { Cell } from './axes.ts';
import type { BenchModel, Held } from './model.ts';
import { RemainingTime, describeRun } from './progress.ts';
import { runKey } from './results.ts';
import type { ItemResult, Run } from './results.ts';
import type { Sources } from './sources.ts';

export interface Grid {
  readonly cells: readonly Cell[];
  /** Everything held at one context, part of every table; empty if no such repository exists. */
  readonly references: readonly Cell[];
  readonly repositories: number;
  readonly recalls: readonly RecallMode[];
  readonly bytesOf: KvType | null;
}

export interface Listener {
  /** Called with each run when it is over, in order. */
  readonly onRun: (run: Run) => Promise<void>;
  /** Called with a line that replaces the previous one. */
  readonly onStatus: (line: string) => void;
  readonly onLine: (line: string) => void;
}

interface Step {
  readonly cell: Cell;
  readonly reference: boolean;
  readonly repository: number;
}

/**
 * Measures what has not been measured yet. If the engine refuses a cell, its error is the result.
 * @throws EngineError `cancelled`, after handing over the finished runs.
 */
export async function measureGrid(
  bench: BenchModel,
  sources: Sources,
  grid: Grid,
  done: readonly Run[],
  listener: Listener,
  signal: AbortSignal,
): Promise<void> {
  const known = new Set(done.map((run) => runKey(run.cell, run.reference, run.repository)));
  const steps = stepsOf(grid).filter(
    ({ cell, reference, repository }) => !known.has(runKey(cell, reference, repository)),
  );
  const remaining = new RemainingTime(steps.map(({ cell }) => sources.tokens(cell.length)));
  for (const step of steps) {
    const run = await measureStep(bench, sources, grid, step, signal, (what) => {
      listener.onStatus(`${nameOf(step)}: ${what}`);
    });
    remaining.advance();
    await listener.onRun(run);
    listener.onLine(`${nameOf(step)}: ${describeRun(run)}; ${remaining.describe()}`);
  }
}

function stepsOf({ cells, references, repositories }: Grid): Step[] {
  const times = (cell: Cell, isReference: boolean): Step[] =>
    Array.from({ length: repositories }, (_, repository) => ({
      cell,
      reference: isReference,
      repository,
    }));
  return [
    ...references.flatMap((cell) => times(cell, true)),
    ...cells.flatMap((cell) => times(cell, false)),
  ];
}

async function measureStep(
  bench: BenchModel,
  sources: Sources,
  grid: Grid,
  step: Step,
  signal: AbortSignal,
  onStatus: (what: string) => void,
): Promise<Run> {
  const { cell } = step;
  try {
    const recalls = recallsOf(cell, grid.recalls);
    const subject = await sources.get(cell.length, step.repository, signal);
    const hold = (question?: string): Promise<Held> =>
      bench.hold(
        subject,
        {
          budget: readBudget(cell.budget),
          policy: parsePolicy(cell.policy),
          kvType: cell.kvType,
          bytesOf: grid.bytesOf ?? cell.kvType,
          mode: cell.mode,
          ...(question === undefined ? {} : { question }),
        },
        signal,
        (share) => {
          onStatus(`reading, ${(100 * share).toFixed(0)} %`);
        },
      );
    const aware = cell.mode === 'question-aware';
    let held = aware ? null : await hold();
    let ingestMs = held?.ingestMs ?? 0;
    let askMs = 0;
    const items: ItemResult[] = [];
    for (const [index, item] of subject.items.entries()) {
      if (aware && 'question' in item) {
        held = await hold(item.question);
        ingestMs += held.ingestMs;
      }
      // Continued code contains no question to read for.
      if (held === null || (aware && !('question' in item))) continue;
      const askedAt = performance.now();
      for (const recall of waysOf(item, recalls)) {
        items.push(await askItem(held.repository, item, index, recall, signal));
      }
      askMs += performance.now() - askedAt;
      onStatus(`asking, ${String(index + 1)} of ${String(subject.items.length)}`);
    }
    if (held === null) throw new Error('Nothing is asked in words; add --tasks recall.');
    const report = held.repository.memory.report();
    return {
      ...step,
      failure: null,
      streamTokens: report.streamTokens,
      budgetTokens: held.budgetTokens,
      heldTokens: report.heldTokens,
      budgetBytes: report.budgetBytes,
      kvBytes: report.physicalBytes,
      peakKvBytes: report.peakBytes,
      chunkBytes: report.chunkBytes,
      ingestMs,
      askMs,
      notices: [...held.notices],
      items,
    };
  } catch (error) {
    if (signal.aborted || isCancellation(error) || !(error instanceof Error)) throw error;
    return failed(step, error.message);
  }
}

/**
 * The tail, and with it the text that recall reads again, is as long as a chunk. After prefill it
 * is as long as the repository, so recall would read everything again.
 */
function recallsOf({ mode }: Cell, recalls: readonly RecallMode[]): readonly RecallMode[] {
  if (mode !== 'after-prefill') return recalls;
  if (!recalls.includes('off')) {
    throw new Error('After prefill, recall would read the repository again; add --recall off.');
  }
  return ['off'];
}

function failed(step: Step, failure: string): Run {
  return {
    ...step,
    failure,
    streamTokens: 0,
    budgetTokens: 0,
    heldTokens: 0,
    budgetBytes: 0,
    kvBytes: 0,
    peakKvBytes: 0,
    chunkBytes: 0,
    ingestMs: 0,
    askMs: 0,
    notices: [],
    items: [],
  };
}

function nameOf({ cell, reference, repository }: Step): string {
  return `${reference ? 'reference, ' : ''}${cellName(cell)} #${String(repository + 1)}`;
}
