/** Measuring T1: the loss at places of real code, with several memories of it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EngineError } from '../../../../extension/engine/core/errors.ts';
import { scoreContinuation } from '../../../../extension/engine/generation/likelihood.ts';
import type { Repository } from '../../../../extension/engine/memory/repository.ts';
import { cancellable } from '../../../../extension/engine/native/cancellation.ts';
import { walkRepository } from '../../../../extension/repository/files/walk.ts';
import { promptOf } from '../../bench/ask-items.ts';
import { parsePolicy, readBudget } from '../../bench/axes.ts';
import type { Listener } from '../../bench/measure.ts';
import type { BenchModel, Source } from '../../bench/model.ts';
import { writeFolder } from '../repositories/fetch.ts';
import type { Prepared } from '../repositories/prepared.ts';
import { placesIn } from './places.ts';
import type { Place } from './places.ts';
import type { Losses } from './summary.ts';

/** A policy at a budget; `full` at `100%` is the reference. */
export interface Memory {
  readonly policy: string;
  readonly budget: string;
}

interface MeasuredMemory extends Memory {
  readonly budgetTokens: number;
  readonly losses: Losses;
}

export interface MeasuredRepository {
  readonly streamTokens: number;
  readonly heldOut: readonly string[];
  readonly places: readonly Place[];
  readonly none: Losses;
  /** Null where all of it is more than the model takes. */
  readonly full: Losses | null;
  readonly memories: readonly MeasuredMemory[];
}

const reference: Memory = { policy: 'full', budget: '100%' };

/**
 * Reads a repository once for each memory and scores every place with it; once without any.
 * @param listener `onStatus` hears what is being done, `onLine` what is done
 * @throws EngineError: what the engine refuses; Error where there is no place
 */
export async function measureRepository(
  bench: BenchModel,
  prepared: Prepared,
  memories: readonly Memory[],
  options: { readonly seed: number; readonly places: number; readonly signal: AbortSignal },
  listener: Pick<Listener, 'onStatus' | 'onLine'>,
): Promise<MeasuredRepository> {
  const { signal, seed } = options;
  const places = placesIn(prepared, { seed, count: options.places });
  const parent = await mkdtemp(path.join(tmpdir(), 'loci-real-'));
  try {
    const source = await written(prepared, parent, signal);
    const streamTokens = await bench.tokensOf(source, signal);
    const without: Losses[] = [];
    const measured = async (memory: Memory): Promise<MeasuredMemory> => {
      const name = `${memory.policy} ${memory.budget}`;
      const held = await bench.hold(
        source,
        {
          budget: readBudget(memory.budget),
          policy: parsePolicy(memory.policy),
          ...{ kvType: 'f16', bytesOf: 'f16', mode: 'streaming' },
        },
        signal,
        (share) => {
          listener.onStatus(`${name}: reading, ${(100 * share).toFixed(0)} %`);
        },
      );
      listener.onStatus(`${name}: scoring ${places.length} places`);
      const scoredFrom = performance.now();
      // Without the memory, every one scores alike.
      if (without.length === 0) without.push(await score(held.repository, places, false, signal));
      const losses = await score(held.repository, places, true, signal);
      const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
      const times = `read in ${seconds(held.ingestMs)}, scored in ${seconds(performance.now() - scoredFrom)}`;
      listener.onLine(`${name}: ${times}`);
      return { ...memory, budgetTokens: held.budgetTokens, losses };
    };
    const full = await measured(reference).catch(tooLong);
    const results: MeasuredMemory[] = [];
    for (const memory of memories) results.push(await measured(memory));
    return {
      streamTokens,
      heldOut: prepared.division.heldOut,
      places,
      none: without[0] ?? [],
      full: full?.losses ?? null,
      memories: results,
    };
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}

/** There is no reference where not all tokens can be held. @throws the error, where it is another */
function tooLong(error: unknown): null {
  if (error instanceof EngineError && error.code === 'budget-too-small') return null;
  throw error;
}

/** Only what is read is on disk. */
async function written(prepared: Prepared, parent: string, signal: AbortSignal): Promise<Source> {
  const { name, files, division } = prepared;
  const heldOut = new Set(division.heldOut);
  const root = path.join(parent, name);
  await writeFolder(new Map([...files].filter(([file]) => !heldOut.has(file))), root);
  return { roots: [root], listing: await walkRepository([root], { signal }) };
}

async function score(
  repository: Repository,
  places: readonly Place[],
  attendMemory: boolean,
  signal: AbortSignal,
): Promise<Losses> {
  const { addon, model, tails } = repository;
  const scored: { origin: Place['origin']; losses: readonly number[] }[] = [];
  for (const place of places) {
    const expected = model.tokenize(place.expected, { special: false });
    const { losses } = await cancellable(addon, signal, (cancellation) =>
      scoreContinuation(tails.measuring, promptOf(repository, place), expected, {
        attendMemory,
        cancellation,
      }),
    );
    scored.push({ origin: place.origin, losses });
  }
  return scored;
}
