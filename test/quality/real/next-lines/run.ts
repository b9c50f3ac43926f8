/** `npm run quality -- real`: T1 on the packages that `npm run repositories` fetched. */
import { writeFile } from 'node:fs/promises';
import type { Listener } from '../../bench/measure.ts';
import { BenchModel } from '../../bench/model.ts';
import type { Estimate } from '../../statistics.ts';
import { formatTable } from '../../table.ts';
import { readList } from '../repositories/list.ts';
import type { ListedRepository } from '../repositories/list.ts';
import { prepare } from '../repositories/prepared.ts';
import { measureRepository } from './measure.ts';
import type { MeasuredRepository, Memory } from './measure.ts';
import { readRealOptions } from './options.ts';
import type { RealOptions } from './options.ts';
import { summarise } from './summary.ts';
import type { Compared } from './summary.ts';

/**
 * Measures and writes a table; with `--json` every loss as well, with the files that were held out.
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
  const bench = await BenchModel.load(options.model, 'cpu', signal);
  const results: Record<string, MeasuredRepository> = {};
  try {
    for (const entry of entries) {
      const prepared = await prepare(entry, options.seed);
      const settings = { seed: options.seed, places: options.places, signal };
      results[entry.name] = await measureRepository(bench, prepared, memories, settings, {
        onStatus: (line) => {
          listener.onStatus(`${entry.name}: ${line}`);
        },
        onLine: (line) => {
          listener.onLine(`${entry.name}: ${line}`);
        },
      });
      if (options.json !== null) {
        const { seed } = options;
        const document = { version: 1, task: 'T1', model: bench.name, seed, repositories: results };
        await writeFile(options.json, `${JSON.stringify(document)}\n`);
      }
    }
  } finally {
    bench.dispose();
  }
  process.stdout.write(`${tableOf(Object.values(results), memories, options.seed)}\n`);
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

/** One row for each memory and origin; everything held and nothing held first. */
function tableOf(
  results: readonly MeasuredRepository[],
  memories: readonly Memory[],
  seed: number,
): string {
  const compared = (policyOf: (one: MeasuredRepository) => Compared['policy'] | null): Compared[] =>
    results.flatMap((one) => {
      const policy = policyOf(one);
      return policy === null ? [] : [{ none: one.none, full: one.full, policy }];
    });
  const rows = (['held-out', 'read'] as const).flatMap((origin) => {
    const row = (name: string, of: Compared[]): Record<string, string | number> => {
      const { loss, gain, kept, tokens, keyTokens } = summarise(of, origin, seed);
      return {
        files: origin,
        memory: name,
        'nats a token': shown(loss),
        'less than without': shown(gain),
        'kept at key tokens': shown(kept),
        tokens,
        'key tokens': keyTokens,
        repositories: of.length,
      };
    };
    return [
      row(
        'none',
        compared(({ none }) => none),
      ),
      row(
        'everything',
        compared(({ full }) => full),
      ),
      ...memories.map(({ policy, budget }) =>
        row(
          `${policy} ${budget}`,
          compared(
            (one) =>
              one.memories.find((held) => held.policy === policy && held.budget === budget)
                ?.losses ?? null,
          ),
        ),
      ),
    ];
  });
  return formatTable(rows);
}

function shown(estimate: Estimate | null): string {
  if (estimate === null) return '–';
  const { mean, low, high } = estimate;
  return `${mean.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
}
