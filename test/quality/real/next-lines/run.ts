/** `npm run quality -- real`: T1 and T2 on the packages that `npm run repositories` fetched. */
import type { Listener } from '../../bench/measure.ts';
import { BenchModel } from '../../bench/model.ts';
import { readList } from '../repositories/list.ts';
import type { ListedRepository } from '../repositories/list.ts';
import { prepare } from '../repositories/prepared.ts';
import type { Prepared } from '../repositories/prepared.ts';
import { armsOf } from './arms.ts';
import { readMeasured, writeMeasured } from './document.ts';
import type { MeasuredRepository } from './document.ts';
import { factsIn } from './facts.ts';
import { measureRepository } from './measure.ts';
import { readRealOptions } from './options.ts';
import type { RealOptions } from './options.ts';
import { placesIn } from './places.ts';
import type { Place } from './places.ts';
import { tableOf } from './table.ts';

/**
 * Measures and writes a table; with `--json` also every loss. A later run with the same settings
 * adds the missing results to that file.
 * @throws Error in one sentence
 */
export async function runReal(
  args: readonly string[],
  signal: AbortSignal,
  listener: Pick<Listener, 'onStatus' | 'onLine'>,
): Promise<void> {
  const options = readRealOptions(args);
  const entries = chosen(await readList(), options);
  const memories = options.budgets.flatMap((budget) =>
    options.policies.map((policy) => ({ policy, budget })),
  );
  const arms = armsOf(memories, options.texts);
  const bench = await BenchModel.load(options.model, 'cpu', signal);
  const { task, seed, places: count, prefix, origins, json } = options;
  const settings = { model: bench.name, seed, places: count, prefix, origins: [...origins] };
  const document = await readMeasured(json, task, settings);
  const measured: MeasuredRepository[] = [];
  try {
    for (const { entry, prepared, places } of await prepareAll(entries, options)) {
      const known = (document.repositories[entry.name] ??= {
        streamTokens: entry.tokens,
        heldOut: [...prepared.division.heldOut],
        places,
        arms: {},
      });
      measured.push(known);
      await measureRepository(bench, { prepared, places, arms }, known.arms, signal, {
        onStatus: (line) => {
          listener.onStatus(`${entry.name}: ${line}`);
        },
        onLine: (line) => {
          listener.onLine(`${entry.name}: ${line}`);
        },
        onArm: () => writeMeasured(json, document),
      });
    }
  } finally {
    bench.dispose();
  }
  process.stdout.write(`${tableOf(measured, arms, origins, seed)}\n`);
}

interface PreparedEntry {
  readonly entry: ListedRepository;
  readonly prepared: Prepared;
  readonly places: Place[];
}

/**
 * Prepares all repositories before measuring any, so that a missing one is reported immediately.
 */
async function prepareAll(
  entries: readonly ListedRepository[],
  { task, seed, places: count, prefix, origins }: RealOptions,
): Promise<PreparedEntry[]> {
  const all: PreparedEntry[] = [];
  for (const entry of entries) {
    const prepared = await prepare(entry, seed);
    const places =
      task === 'T2'
        ? factsIn(prepared, { seed, count })
        : placesIn(prepared, { seed, count, prefix, origins });
    all.push({ entry, prepared, places });
  }
  return all;
}

/** @throws Error for a name that is not listed */
function chosen(
  list: readonly ListedRepository[],
  { repositories, count }: RealOptions,
): readonly ListedRepository[] {
  if (repositories === null) return list.toSorted((a, b) => a.tokens - b.tokens).slice(0, count);
  return repositories.map((name) => {
    const entry = list.find((one) => one.name === name);
    if (entry !== undefined) return entry;
    const known = list.map((one) => one.name).join(', ');
    throw new Error(`--repositories takes a number or names of ${known}, not "${name}".`);
  });
}
