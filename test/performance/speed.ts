/**
 * `npm run bench:speed`: compares our engine with stock llama.cpp on the same libraries, in the
 * same run, alternately, with a model of random weights and realistic shape. Exits with 1 if a
 * limit on speed or memory growth is exceeded.
 *
 *     npm run bench:speed -- [--only decode,prefill,refine,memory,busy,layout] [--threads N]
 *         [--rounds 5] [--clock wall|cpu] [--model FILE] [--json FILE]
 *
 * `busy` answers beside processes that keep every core busy, with each number of threads and with
 * the engine's own choice; `--model` may name a real model. `layout` compares the ragged layout
 * with the rectangular one, without a limit.
 *
 * On a busy machine, `--clock cpu --threads 1` gives the fair comparison.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chunkTokensFor } from '../../extension/engine/memory/chunk-tokens.ts';
import { median } from '../quality/statistics.ts';
import { formatTable } from '../quality/table.ts';
import { randomModel, shapes } from '../tools/random-gguf.ts';
import { busyTable, measureBusy } from './busy.ts';
import type { Comparison, Guard } from './comparison.ts';
import { atMost, compare } from './comparison.ts';
import type { MemoryGrowth } from './constant-memory.ts';
import { measureMemoryGrowth } from './constant-memory.ts';
import type { ContenderSettings, Eviction, RunningContender } from './contender.ts';
import { clockNames, startContender } from './contender.ts';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: 'decode,prefill,refine,memory,busy' },
    threads: { type: 'string', default: String(availableParallelism()) },
    rounds: { type: 'string', default: '5' },
    clock: { type: 'string', default: 'wall' },
    model: { type: 'string' },
    json: { type: 'string' },
  },
});

/** The chunk size that the engine uses for such a model. */
const chunkTokens = chunkTokensFor(shapes.realistic.context);
const heldShare = 0.1;
const decodeContexts = [1024, 4096];
const decodedTokens = 32;
/** A long prefill takes minutes, so it has fewer rounds. */
const prefills = [
  { tokens: 4096, rounds: Number(options.rounds), slowest: 1.05 },
  { tokens: 16384, rounds: Math.ceil(Number(options.rounds) / 2), slowest: 1 },
];
/** The layouts do the same work, so a short run shows their difference. */
const layoutWork = {
  decode: { context: 1024, tokens: decodedTokens },
  prefill: { tokens: 2048, heldTokens: 256, eviction: 'default' },
} as const;
const mostEvictionShare = 0.05;
/** The idle pass, compared with a prefill of the same stream without scoring. */
const refining = { tokens: 4096, rounds: Math.ceil(Number(options.rounds) / 2), slowest: 2.5 };
const mostMemoryGrowth = 0.1;

interface Engines {
  readonly ours: RunningContender;
  readonly stock: RunningContender;
}

interface Measured {
  readonly comparisons: readonly Comparison[];
  readonly guards: readonly Guard[];
}

async function measureDecoding({ ours, stock }: Engines): Promise<Measured> {
  const comparisons: Comparison[] = [];
  for (const context of decodeContexts) {
    const work = { context, tokens: decodedTokens };
    const timed = (engine: RunningContender) => async (): Promise<number> =>
      median((await engine.decode(work)).seconds);
    const name = `decode a token behind ${String(context)}`;
    comparisons.push(await compare(name, Number(options.rounds), timed(ours), timed(stock)));
  }
  const guards = comparisons.map(({ work, timeRatio }) => atMost(work, timeRatio, 1));
  return { comparisons, guards };
}

async function measurePrefill({ ours, stock }: Engines): Promise<Measured> {
  const comparisons: Comparison[] = [];
  const guards: Guard[] = [];
  for (const { tokens, rounds, slowest } of prefills) {
    const work = {
      tokens,
      heldTokens: Math.round(tokens * heldShare),
      eviction: 'default',
    } as const;
    const shares: number[] = [];
    const name = `prefill ${String(tokens)}, ${String(work.heldTokens)} held`;
    const comparison = await compare(
      name,
      rounds,
      async () => {
        const { seconds, evictionShare } = await ours.prefill(work);
        shares.push(evictionShare);
        return seconds;
      },
      async () => (await stock.prefill(work)).seconds,
    );
    comparisons.push(comparison);
    guards.push(atMost(name, comparison.timeRatio, slowest));
    guards.push(atMost(`scoring and compaction in ${name}`, median(shares), mostEvictionShare));
  }
  return { comparisons, guards };
}

/** Compares our engine with itself: `stock` is here a reading with sinks and recent tokens only. */
async function measureRefining({ ours }: Engines): Promise<Measured> {
  const { tokens, rounds, slowest } = refining;
  const work = { tokens, heldTokens: Math.round(tokens * heldShare) };
  const timed = (eviction: Eviction) => async (): Promise<number> =>
    (await ours.prefill({ ...work, eviction })).seconds;
  const name = `refine ${String(tokens)}, ${String(work.heldTokens)} held, beside streaming`;
  const comparison = await compare(name, rounds, timed('refine'), timed('streaming'));
  const guards = [atMost(name, comparison.timeRatio, slowest)];
  return { comparisons: [comparison], guards };
}

async function contenderSettings(): Promise<ContenderSettings> {
  const model =
    options.model === undefined ? await randomModel('realistic', 1) : resolve(options.model);
  const clock = clockNames.find((name) => name === options.clock);
  if (clock === undefined) throw new Error(`Clocks: ${clockNames.join(', ')}.`);
  return { model, threads: Number(options.threads), chunkTokens, clock };
}

async function compareEngines(parts: ReadonlySet<string>): Promise<Measured> {
  if (!['decode', 'prefill', 'refine'].some((part) => parts.has(part))) {
    return { comparisons: [], guards: [] };
  }
  const settings = await contenderSettings();
  const ours = await startContender('contender-ours.ts', settings);
  const stock = await startContender('contender-stock.ts', settings);
  try {
    const engines = { ours, stock };
    const decoding = parts.has('decode') ? [await measureDecoding(engines)] : [];
    const prefill = parts.has('prefill') ? [await measurePrefill(engines)] : [];
    const refine = parts.has('refine') ? [await measureRefining(engines)] : [];
    const all = [...decoding, ...prefill, ...refine];
    return {
      comparisons: all.flatMap(({ comparisons }) => comparisons),
      guards: all.flatMap(({ guards }) => guards),
    };
  } finally {
    ours.stop();
    stock.stop();
  }
}

/** Compares both layouts under the same policy. */
async function compareLayouts(): Promise<Comparison[]> {
  const settings = await contenderSettings();
  const rectangular = await startContender('contender-ours.ts', settings);
  const policyParameters = { layout: 'ragged' };
  const ragged = await startContender('contender-ours.ts', { ...settings, policyParameters });
  const rounds = Number(options.rounds);
  const comparisons: Comparison[] = [];
  try {
    const decoding = (engine: RunningContender) => async (): Promise<number> =>
      median((await engine.decode(layoutWork.decode)).seconds);
    const behind = `decode a token behind ${String(layoutWork.decode.context)}`;
    comparisons.push(await compare(behind, rounds, decoding(ragged), decoding(rectangular)));
    const prefilling = (engine: RunningContender) => async (): Promise<number> =>
      (await engine.prefill(layoutWork.prefill)).seconds;
    const { tokens, heldTokens } = layoutWork.prefill;
    const name = `prefill ${String(tokens)}, ${String(heldTokens)} held`;
    comparisons.push(await compare(name, rounds, prefilling(ragged), prefilling(rectangular)));
  } finally {
    rectangular.stop();
    ragged.stop();
  }
  return comparisons;
}

function printTimes(
  comparisons: readonly Comparison[],
  [first, second]: readonly [string, string],
): void {
  const milliseconds = (seconds: readonly number[]): string => (1000 * median(seconds)).toFixed(1);
  const times = comparisons.map(({ work, ours, stock, timeRatio }) => ({
    work,
    [`${first} ms`]: milliseconds(ours),
    [`${second} ms`]: milliseconds(stock),
    'ratio of times': timeRatio.toFixed(3),
    rounds: ours.length,
  }));
  if (times.length > 0) console.log(`${formatTable(times)}\n`);
}

function printPromises(guards: readonly Guard[]): void {
  const promises = guards.map(({ name, value, limit, holds }) => ({
    promise: name,
    measured: value.toFixed(3),
    'at most': limit.toFixed(2),
    kept: holds ? 'yes' : 'NO',
  }));
  if (promises.length > 0) console.log(formatTable(promises));
}

async function main(): Promise<void> {
  const parts = new Set(options.only.split(','));
  const { comparisons, guards } = await compareEngines(parts);
  let growth: MemoryGrowth | null = null;
  const all = [...guards];
  if (parts.has('memory')) {
    growth = await measureMemoryGrowth();
    const name = `growth of the resident set over ${growth.contexts.toFixed(0)} contexts`;
    all.push(atMost(name, growth.growth, mostMemoryGrowth));
  }
  const busy = parts.has('busy')
    ? await measureBusy(await contenderSettings(), Math.ceil(Number(options.rounds) / 2))
    : null;
  all.push(...(busy?.guards ?? []));
  const layouts = parts.has('layout') ? await compareLayouts() : [];
  printTimes(comparisons, ['ours', 'stock']);
  printTimes(layouts, ['ragged', 'rectangular']);
  if (busy !== null) console.log(`${formatTable(busyTable(busy))}\n`);
  printPromises(all);
  if (options.json !== undefined) {
    await mkdir(dirname(resolve(options.json)), { recursive: true });
    const document = { options, comparisons, layouts, growth, busy, guards: all };
    await writeFile(options.json, JSON.stringify(document, null, 2) + '\n');
  }
  if (!all.every(({ holds }) => holds)) process.exitCode = 1;
}

await main();
