/** Measures T1 and T2: the loss at places of real code, with several memories and found text. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EngineError } from '../../../../extension/engine/core/errors.ts';
import { scoreContinuation } from '../../../../extension/engine/generation/likelihood.ts';
import type { Repository } from '../../../../extension/engine/memory/repository.ts';
import { cancellable } from '../../../../extension/engine/native/cancellation.ts';
import { concatenate } from '../../../../extension/engine/prompt/tokens.ts';
import { walkRepository } from '../../../../extension/repository/files/walk.ts';
import { promptOf } from '../../bench/ask-items.ts';
import { parsePolicy, readBudget } from '../../bench/axes.ts';
import type { Listener } from '../../bench/measure.ts';
import type { BenchModel, Held, Source } from '../../bench/model.ts';
import { writeFolder } from '../repositories/fetch.ts';
import type { Prepared } from '../repositories/prepared.ts';
import { armName, memoryName, reference } from './arms.ts';
import type { Arm, Memory, TextAmount } from './arms.ts';
import type { MeasuredRepository } from './document.ts';
import { TextSearch } from './found-text.ts';
import type { FoundText } from './found-text.ts';
import type { Place } from './places.ts';
import type { Losses } from './summary.ts';

/** The places and arms to measure for one repository. */
export interface Task {
  readonly prepared: Prepared;
  readonly places: readonly Place[];
  readonly arms: readonly Arm[];
}

/**
 * Reads a repository once for each memory and scores every place in each arm without a result.
 * @param known results by arm name; each finished arm is added
 * @param listener `onStatus` gets the current step, `onLine` each result; `onArm` runs after each
 * arm
 * @throws EngineError with the engine's own message
 */
export async function measureRepository(
  bench: BenchModel,
  { prepared, places, arms }: Task,
  known: MeasuredRepository['arms'],
  signal: AbortSignal,
  listener: Pick<Listener, 'onStatus' | 'onLine'> & { readonly onArm: () => Promise<void> },
): Promise<void> {
  const open = arms.filter((arm) => !(armName(arm) in known));
  if (open.length === 0) return;
  const parent = await mkdtemp(path.join(tmpdir(), 'loci-real-'));
  try {
    const source = await written(prepared, parent, signal);
    const streamTokens = await bench.tokensOf(source, signal);
    const search = new TextSearch(readFiles(prepared));
    for (const memory of memoriesOf(open)) {
      const name = memoryName(memory);
      const held = await hold(bench, source, memory, signal, (share) => {
        listener.onStatus(`${name}: reading, ${(100 * share).toFixed(0)} %`);
      });
      if (held !== null) listener.onLine(`${name}: read in ${(held.ingestMs / 1000).toFixed(1)} s`);
      // Arms without memory score the same whichever memory is loaded, so the first reading serves
      // them.
      const these = open.filter(
        (arm) =>
          !(armName(arm) in known) && (arm.memory === null || sameMemory(arm.memory, memory)),
      );
      for (const arm of these) {
        if (held === null && arm.memory === null) continue;
        const scoredFrom = performance.now();
        listener.onStatus(`${armName(arm)}: scoring ${String(places.length)} places`);
        known[armName(arm)] =
          held === null
            ? null
            : await score(held.repository, places, signal, {
                attendMemory: arm.memory !== null,
                textOf: finder(held.repository, search, arm.text, streamTokens),
              });
        const seconds = ((performance.now() - scoredFrom) / 1000).toFixed(1);
        listener.onLine(`${armName(arm)}: scored in ${seconds} s`);
        await listener.onArm();
      }
    }
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}

/** The memories to read, smallest first; arms without memory need any one of them. */
function memoriesOf(arms: readonly Arm[]): Memory[] {
  const memories = new Map(
    arms.flatMap(({ memory }) => (memory === null ? [] : [[memoryName(memory), memory] as const])),
  );
  if (memories.size === 0) memories.set('', { policy: 'streaming', budget: '10%' });
  return [...memories.values()].sort(
    (a, b) => Number(sameMemory(a, reference)) - Number(sameMemory(b, reference)),
  );
}

function sameMemory(a: Memory, b: Memory): boolean {
  return memoryName(a) === memoryName(b);
}

/** Null if the model cannot hold that much. */
async function hold(
  bench: BenchModel,
  source: Source,
  memory: Memory,
  signal: AbortSignal,
  onProgress: (share: number) => void,
): Promise<Held | null> {
  const holding = {
    budget: readBudget(memory.budget),
    policy: parsePolicy(memory.policy),
    kvType: 'f16',
    bytesOf: 'f16',
    mode: 'streaming',
  } as const;
  try {
    return await bench.hold(source, holding, signal, onProgress);
  } catch (error) {
    if (error instanceof EngineError && error.code === 'budget-too-small') return null;
    throw error;
  }
}

function readFiles({ files, division }: Prepared): (readonly [string, string])[] {
  const heldOut = new Set(division.heldOut);
  return [...files].filter(([file]) => !heldOut.has(file));
}

/** Writes only the files that are read, so that the held-out ones are not on disk. */
async function written(prepared: Prepared, parent: string, signal: AbortSignal): Promise<Source> {
  const root = path.join(parent, prepared.name);
  await writeFolder(new Map(readFiles(prepared)), root);
  return { roots: [root], listing: await walkRepository([root], { signal }) };
}

/** The text before a place, as tokens. */
type TextOf = (place: Place) => Int32Array;

/** Finds text similar to the text before a place; the best match comes last, next to the place. */
function finder(
  { formats }: Repository,
  search: TextSearch,
  amount: TextAmount | null,
  streamTokens: number,
): TextOf {
  if (amount === null) return () => new Int32Array();
  const room = Math.round(amount.tokens + amount.share * streamTokens);
  const tokensOf = ({ path: file, text }: FoundText): Int32Array =>
    concatenate(formats.layout.fileHeader(file), formats.layout.content(text));
  return (place) =>
    concatenate(
      ...search
        .find(place.prefix, (found) => tokensOf(found).length, room)
        .map(tokensOf)
        .reverse(),
    );
}

async function score(
  repository: Repository,
  places: readonly Place[],
  signal: AbortSignal,
  { attendMemory, textOf }: { readonly attendMemory: boolean; readonly textOf: TextOf },
): Promise<Losses> {
  const { addon, model, tails } = repository;
  const scored: { origin: Place['origin']; losses: number[]; greedy: boolean }[] = [];
  for (const place of places) {
    const expected = model.tokenize(place.expected, { special: false });
    const prompt = concatenate(textOf(place), promptOf(repository, place));
    const { losses, greedy } = await cancellable(addon, signal, (cancellation) =>
      scoreContinuation(tails.chat, prompt, expected, { attendMemory, cancellation }),
    );
    scored.push({ origin: place.origin, losses: [...losses], greedy });
  }
  return scored;
}
