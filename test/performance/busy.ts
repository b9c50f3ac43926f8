/**
 * Measures answers beside a program that keeps every core busy, such as a build: with each number
 * of threads at normal priority, and with the engine's own number and priority. Alternates between
 * them, so that other load slows all of them.
 */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '../quality/statistics.ts';
import type { Guard } from './comparison.ts';
import { atMost } from './comparison.ts';
import type { AnswerTime, AnswerWork, ContenderSettings } from './contender.ts';
import { startContender } from './contender.ts';

const work: AnswerWork = { context: 512, promptTokens: 192, tokens: 12 };
/** The engine checks the machine twice a second, and waits once before it takes more threads. */
const settleMs = 1700;
const slowestBusy = 1.5;
/** The variation from one answer to the next on an idle machine. */
const slowestAlone = 1.1;

/** 0 is the engine's own choice. */
interface Setting {
  readonly threads: number;
  readonly alone: readonly AnswerTime[];
  readonly busy: readonly AnswerTime[];
}

export interface BusyMeasurement {
  readonly settings: readonly Setting[];
  readonly guards: readonly Guard[];
}

/** Runs rounds of alone and busy answers for each number of threads and for the engine's choice. */
export async function measureBusy(
  settings: ContenderSettings,
  rounds: number,
): Promise<BusyMeasurement> {
  const cores = availableParallelism();
  const counts = [...new Set([1, Math.ceil(cores / 2), cores - 1, cores, 0])].filter(
    (threads) => threads >= 0,
  );
  const times = counts.map((threads) => ({
    threads,
    alone: new Array<AnswerTime>(),
    busy: new Array<AnswerTime>(),
  }));
  const plain = await startContender('contender-ours.ts', settings);
  const guest = await startContender('contender-ours.ts', { ...settings, guest: true });
  const answerWith = async (threads: number): Promise<AnswerTime> => {
    const engine = threads === 0 ? guest : plain;
    await engine.setThreads(threads);
    await sleep(settleMs);
    return engine.answer(work);
  };
  try {
    await plain.answer(work);
    await guest.answer(work);
    for (let round = 0; round < rounds; round++) {
      const order = round % 2 === 0 ? times : times.toReversed();
      for (const { threads, alone } of order) alone.push(await answerWith(threads));
      const others = Array.from({ length: cores }, spin);
      try {
        for (const { threads, busy } of order) busy.push(await answerWith(threads));
      } finally {
        for (const other of others) other.kill('SIGKILL');
      }
    }
  } finally {
    plain.stop();
    guest.stop();
  }
  return { settings: times, guards: guardsOf(times, cores) };
}

/** One row per setting: milliseconds to the first token, and tokens per second. */
export function busyTable({ settings }: BusyMeasurement): Record<string, string | number>[] {
  return settings.map(({ threads, alone, busy }) => ({
    threads: threads === 0 ? 'chosen by the engine' : String(threads),
    'alone: first token ms': (1000 * firstToken(alone)).toFixed(0),
    'alone: tokens/s': (1 / perToken(alone)).toFixed(1),
    'busy: first token ms': (1000 * firstToken(busy)).toFixed(0),
    'busy: tokens/s': (1 / perToken(busy)).toFixed(1),
    rounds: alone.length,
  }));
}

function guardsOf(settings: readonly Setting[], cores: number): Guard[] {
  const own = settings.find(({ threads }) => threads === 0);
  const all = settings.find(({ threads }) => threads === cores);
  const fixed = settings.filter(({ threads }) => threads > 0);
  if (own === undefined || all === undefined) return [];
  return [firstToken, perToken].flatMap((value) => {
    const what = value === firstToken ? 'first token' : 'time of a token';
    const best = Math.min(...fixed.map(({ busy }) => value(busy)));
    return [
      atMost(`${what} on a busy machine, over the best count`, value(own.busy) / best, slowestBusy),
      atMost(`${what} alone, over all cores`, value(own.alone) / value(all.alone), slowestAlone),
    ];
  });
}

function firstToken(times: readonly AnswerTime[]): number {
  return median(times.map(({ firstTokenSeconds }) => firstTokenSeconds));
}

function perToken(times: readonly AnswerTime[]): number {
  return median(times.map(({ tokenSeconds }) => tokenSeconds));
}

/** Starts a process that keeps one core busy until it is killed. */
function spin(): ChildProcess {
  return spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
}
