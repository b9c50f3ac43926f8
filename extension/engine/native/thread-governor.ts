/**
 * How many threads compute. The engine is a guest: its threads wait for each other by spinning, and
 * one that is kept from running by other work stops all the others, so that on a busy machine two
 * threads write text many times slower than one. An idle machine is used in full.
 */

import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import type { NativeAddon } from './contract.ts';

/** Seconds that processors have worked, since any fixed moment. */
export interface CpuSample {
  /** When. */
  readonly at: number;
  /** On anything, over all processors that this process may use. */
  readonly busy: number;
  /** On this process. */
  readonly own: number;
}

const sampleMs = 500;
/** A core counts as free down to this share: the editor itself always takes some of it. */
const enoughToStay = 0.65;
const enoughToJoin = 0.8;
/** Beyond so many threads memory bandwidth is the limit. */
const mostThreads = 16;

export interface GovernorOptions {
  /** Sets how many threads compute. */
  readonly setLimit: (threads: number) => void;
  readonly sample?: () => CpuSample;
  /** Processors that this process may use, and threads that are worth having at most. */
  readonly cores?: number;
  readonly most?: number;
}

/** Chooses the number of threads, again and again; by itself it does not keep the process alive. */
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

  /** The threads that compute now. */
  get threads(): number {
    return this.#limit;
  }

  /** @param threads as the user wants it; 0 leaves it to the governor. */
  choose(threads: number): void {
    this.#chosen = Math.min(threads, this.#cores);
    this.#set(this.#chosen === 0 ? Math.min(this.#limit, this.#most) : this.#chosen);
  }

  /** Looks at the machine and decides anew. */
  update(): void {
    const before = this.#last;
    this.#last = this.#sample();
    if (this.#chosen > 0) return;
    const wanted = threadsFor(freeCores(before, this.#last, this.#cores), this.#limit, this.#most);
    // A pause between two compilers is not yet an idle machine.
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

/** A governor of everything that an addon computes. */
export function governThreads(addon: Pick<NativeAddon, 'setThreadLimit'>): ThreadGovernor {
  return new ThreadGovernor({
    setLimit: (threads) => {
      addon.setThreadLimit(threads);
    },
  });
}

/** Threads worth computing with on an idle machine. @param physical null where it is not known */
export function usefulThreads(cores: number, physical: number | null): number {
  const useful = physical ?? (cores <= 4 ? cores : Math.ceil(cores / 2));
  return Math.max(1, Math.min(mostThreads, cores, useful));
}

/** Cores that other processes left between two samples. */
export function freeCores(before: CpuSample, after: CpuSample, cores: number): number {
  const seconds = after.at - before.at;
  if (seconds <= 0) return cores;
  const others = Math.max(0, after.busy - before.busy - (after.own - before.own));
  return Math.max(0, cores - others / seconds);
}

/** The threads for so many free cores: at least one, and where it is a close call as before. */
export function threadsFor(free: number, now: number, most: number): number {
  const join = Math.floor(free + 1 - enoughToJoin);
  const stay = Math.floor(free + 1 - enoughToStay);
  const wanted = join > now ? join : Math.min(now, stay);
  return Math.max(1, Math.min(most, wanted));
}

/** What the processors have done so far. */
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

/** The processors that a container or `taskset` left to this process; null where all are. */
function allowedCpus(): ReadonlySet<number> | null {
  const list = readLine('/proc/self/status', /^Cpus_allowed_list:\s*(?<list>[\d,-]+)$/mu);
  return list === null ? null : parseCpuList(list);
}

/** The numbers of a list as Linux writes it, such as `0-3,8`. */
export function parseCpuList(list: string): ReadonlySet<number> {
  const numbers = new Set<number>();
  for (const range of list.split(',')) {
    const [from = NaN, to = from] = range.split('-').map(Number);
    for (let cpu = from; cpu <= to; cpu++) numbers.add(cpu);
  }
  return numbers;
}

/** Cores without their second threads; null where the system does not say. */
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
