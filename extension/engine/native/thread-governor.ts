/**
 * Decides how many threads compute. Threads wait for each other by spinning, and one that other
 * work preempts stops all the others, so two threads on a busy machine can be many times slower
 * than one. On an idle machine, all are used.
 */

import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import type { NativeAddon } from './contract.ts';

/** Seconds of processor time since any fixed moment. */
export interface CpuSample {
  /** The time of the sample. */
  readonly at: number;
  /** Of all work, over all processors that this process may use. */
  readonly busy: number;
  /** Of this process. */
  readonly own: number;
}

const sampleMs = 500;
/** A core in use remains free down to this share: the editor itself always takes some of it. */
const enoughToStay = 0.65;
const enoughToJoin = 0.8;
/** Memory bandwidth limits more threads. */
const mostThreads = 16;

export interface GovernorOptions {
  /** Sets how many threads compute. */
  readonly setLimit: (threads: number) => void;
  readonly sample?: () => CpuSample;
  /** Processors that this process may use, and the most useful threads. */
  readonly cores?: number;
  readonly most?: number;
}

/** Chooses the number of threads periodically, without keeping the process alive. */
export class ThreadGovernor {
  readonly #setLimit: (threads: number) => void;
  readonly #sample: () => CpuSample;
  readonly #cores: number;
  readonly #most: number;
  readonly #timer: NodeJS.Timeout;
  #chosen = 0;
  #limit: number;
  #last: CpuSample;
  #rising = false;

  constructor(options: GovernorOptions) {
    this.#setLimit = options.setLimit;
    this.#sample = options.sample ?? sampleCpu;
    this.#cores = options.cores ?? availableParallelism();
    this.#most = options.most ?? usefulThreads(this.#cores, physicalCores());
    this.#limit = this.#most;
    this.#last = this.#sample();
    this.#setLimit(this.#limit);
    this.#timer = setInterval(() => {
      this.update();
    }, sampleMs).unref();
  }

  /** The current number of computing threads. */
  get threads(): number {
    return this.#limit;
  }

  /** @param threads the user's choice; 0: the governor decides. */
  choose(threads: number): void {
    this.#chosen = Math.min(threads, this.#cores);
    this.#set(this.#chosen === 0 ? Math.min(this.#limit, this.#most) : this.#chosen);
  }

  /** Samples the machine and decides again. */
  update(): void {
    const before = this.#last;
    this.#last = this.#sample();
    if (this.#chosen > 0) return;
    const wanted = threadsFor(freeCores(before, this.#last, this.#cores), this.#limit, this.#most);
    // A pause between two compiler runs is not yet an idle machine.
    if (wanted <= this.#limit || this.#rising) this.#set(wanted);
    else this.#rising = true;
  }

  dispose(): void {
    clearInterval(this.#timer);
  }

  #set(threads: number): void {
    this.#rising = false;
    if (threads === this.#limit) return;
    this.#limit = threads;
    this.#setLimit(threads);
  }
}

/** Makes a governor for everything that an addon computes. */
export function governThreads(addon: Pick<NativeAddon, 'setThreadLimit'>): ThreadGovernor {
  return new ThreadGovernor({
    setLimit: (threads) => {
      addon.setThreadLimit(threads);
    },
  });
}

/** Returns the useful number of threads on an idle machine. @param physical null if unknown */
export function usefulThreads(cores: number, physical: number | null): number {
  const useful = physical ?? (cores <= 4 ? cores : Math.ceil(cores / 2));
  return Math.max(1, Math.min(mostThreads, cores, useful));
}

/** Returns the cores that other processes left free between two samples. */
export function freeCores(before: CpuSample, after: CpuSample, cores: number): number {
  const seconds = after.at - before.at;
  if (seconds <= 0) return cores;
  const others = Math.max(0, after.busy - before.busy - (after.own - before.own));
  return Math.max(0, cores - others / seconds);
}

/** Returns the threads for this many free cores: at least one, and in close cases as before. */
export function threadsFor(free: number, now: number, most: number): number {
  const join = Math.floor(free + 1 - enoughToJoin);
  const stay = Math.floor(free + 1 - enoughToStay);
  const wanted = join > now ? join : Math.min(now, stay);
  return Math.max(1, Math.min(most, wanted));
}

/** Returns the processor time so far. */
export function sampleCpu(): CpuSample {
  const { user, system } = process.cpuUsage();
  const all = cpus();
  const allowed = allowedCpus();
  const ours = allowed === null ? all : all.filter((_, index) => allowed.has(index));
  const busyMs = ours.reduce(
    (sum, { times }) => sum + times.user + times.nice + times.sys + times.irq,
    0,
  );
  return { at: performance.now() / 1000, busy: busyMs / 1000, own: (user + system) / 1e6 };
}

/** Returns the processors to which a container or `taskset` limits this process; null: all. */
function allowedCpus(): ReadonlySet<number> | null {
  const list = readLine('/proc/self/status', /^Cpus_allowed_list:\s*(?<list>[\d,-]+)$/mu);
  return list === null ? null : parseCpuList(list);
}

/** Parses a list in Linux's format, such as `0-3,8`. */
export function parseCpuList(list: string): ReadonlySet<number> {
  const numbers = new Set<number>();
  for (const range of list.split(',')) {
    const [from = NaN, to = from] = range.split('-').map(Number);
    for (let cpu = from; cpu <= to; cpu++) numbers.add(cpu);
  }
  return numbers;
}

/** Returns the number of physical cores; null if the system does not report it. */
function physicalCores(): number | null {
  const allowed = allowedCpus();
  if (allowed === null) return null;
  const siblings = new Set<string>();
  for (const cpu of allowed) {
    const file = `/sys/devices/system/cpu/cpu${String(cpu)}/topology/thread_siblings_list`;
    const list = readLine(file, /^(?<list>[\d,-]+)$/mu);
    if (list === null) return null;
    siblings.add(list);
  }
  return siblings.size;
}

function readLine(file: string, pattern: RegExp): string | null {
  try {
    return pattern.exec(readFileSync(file, 'utf8'))?.groups?.['list'] ?? null;
  } catch {
    return null;
  }
}
