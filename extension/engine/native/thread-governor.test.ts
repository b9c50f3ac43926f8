import { afterEach, describe, expect, it } from 'vitest';
import {
  freeCores,
  parseCpuList,
  sampleCpu,
  ThreadGovernor,
  threadsFor,
  usefulThreads,
} from './thread-governor.ts';
import type { CpuSample } from './thread-governor.ts';

const governors: ThreadGovernor[] = [];
afterEach(() => {
  for (const governor of governors.splice(0)) governor.dispose();
});

/** Makes a governor on a simulated machine. */
function governorOf(cores: number): {
  readonly governor: ThreadGovernor;
  readonly limits: number[];
  /**
   * Simulates a second in which the given numbers of cores worked for others and for the engine.
   */
  readonly pass: (others: number, own: number) => void;
} {
  let now: CpuSample = { at: 0, busy: 0, own: 0 };
  const limits: number[] = [];
  const governor = new ThreadGovernor({
    setLimit: (threads) => limits.push(threads),
    sample: () => now,
    cores,
    most: cores,
  });
  governors.push(governor);
  const pass = (others: number, own: number): void => {
    now = { at: now.at + 1, busy: now.busy + others + own, own: now.own + own };
    governor.update();
  };
  return { governor, limits, pass };
}

describe('freeCores', () => {
  const from: CpuSample = { at: 10, busy: 100, own: 20 };

  it('leaves out what this process takes itself', () => {
    expect(freeCores(from, { at: 12, busy: 104, own: 24 }, 2)).toBe(2);
    expect(freeCores(from, { at: 12, busy: 104, own: 22 }, 2)).toBe(1);
    expect(freeCores(from, { at: 12, busy: 104, own: 20 }, 2)).toBe(0);
  });

  it('stays within the machine, whatever the clocks say', () => {
    expect(freeCores(from, { at: 12, busy: 101, own: 24 }, 2)).toBe(2);
    expect(freeCores(from, { at: 12, busy: 140, own: 20 }, 2)).toBe(0);
    expect(freeCores(from, from, 2)).toBe(2);
  });
});

describe('threadsFor', () => {
  it('takes the cores that are free, and always one', () => {
    expect([0, 0.4, 1, 1.9, 2, 7.9].map((free) => threadsFor(free, 4, 4))).toEqual([
      1, 1, 1, 2, 2, 4,
    ]);
  });

  it('stays as it is where it is a close call', () => {
    expect(threadsFor(1.7, 1, 2)).toBe(1);
    expect(threadsFor(1.7, 2, 2)).toBe(2);
    expect(threadsFor(1.6, 2, 2)).toBe(1);
    expect(threadsFor(1.85, 1, 2)).toBe(2);
  });
});

describe('usefulThreads', () => {
  it('uses cores, not their second threads, where it knows them', () => {
    expect([1, 2, 4, 8, 12, 64].map((cores) => usefulThreads(cores, null))).toEqual([
      1, 2, 4, 4, 6, 16,
    ]);
    expect(usefulThreads(8, 8)).toBe(8);
    expect(usefulThreads(4, 2)).toBe(2);
    expect(usefulThreads(2, 4)).toBe(2);
  });
});

describe('ThreadGovernor', () => {
  it('uses an idle machine in full', () => {
    const { limits, pass } = governorOf(2);
    pass(0, 0);
    pass(0.1, 1.9);
    expect(limits).toEqual([2]);
  });

  it('makes way as soon as others compute, and comes back once they have been still', () => {
    const { governor, limits, pass } = governorOf(2);
    pass(1, 1);
    expect(governor.threads).toBe(1);
    pass(1.3, 0.7);
    pass(0, 1);
    expect(governor.threads).toBe(1);
    pass(1, 1);
    pass(0, 1);
    expect(governor.threads).toBe(1);
    pass(0, 1);
    expect(limits).toEqual([2, 1, 2]);
  });

  it('does as it is told, up to the number of cores, until it is left to itself again', () => {
    const { governor, pass } = governorOf(4);
    governor.choose(3);
    pass(4, 0);
    expect(governor.threads).toBe(3);
    governor.choose(9);
    expect(governor.threads).toBe(4);
    governor.choose(0);
    pass(2, 2);
    expect(governor.threads).toBe(2);
  });
});

describe('sampleCpu', () => {
  it('counts what this process computes', () => {
    const before = sampleCpu();
    const end = performance.now() + 60;
    while (performance.now() < end);
    const after = sampleCpu();
    expect(after.at - before.at).toBeGreaterThan(0.05);
    expect(after.own - before.own).toBeGreaterThan(0.001);
    expect(after.busy).toBeGreaterThanOrEqual(before.busy);
  });
});

describe('parseCpuList', () => {
  it('reads what Linux writes', () => {
    expect([...parseCpuList('0')]).toEqual([0]);
    expect([...parseCpuList('0-2,5,7-8')]).toEqual([0, 1, 2, 5, 7, 8]);
  });
});
