import { describe, expect, it } from 'vitest';
import { largestFolders } from '../protocol/folder-weights.ts';
import {
  describeEstimate,
  describeFolders,
  estimateReading,
  takesLong,
} from './reading-estimate.ts';

const size = (tokens: number): { tokens: number; folders: [] } => ({ tokens, folders: [] });

describe('an estimate', () => {
  it('is tokens over the speed, and says so in one line', () => {
    const estimate = estimateReading(size(16_000_000), 1024);
    expect(estimate.seconds).toBe(15_625);
    expect(describeEstimate(estimate)).toBe(
      'This repository has about 16M tokens. Reading takes about 4 h 20 min.',
    );
  });

  it('has no time where the speed is unknown', () => {
    for (const speed of [null, 0]) {
      const estimate = estimateReading(size(400_000), speed);
      expect(estimate.seconds).toBeNull();
      expect(describeEstimate(estimate)).toBe(
        'This repository has about 400K tokens. Reading may take a long time.',
      );
    }
  });

  it.each([
    [6_000, 100, false],
    [6_100, 100, true],
    [1_000_000, 50_000, false],
    [300_000, null, false],
    [300_001, null, true],
  ])('of %d tokens at %s tokens/s: asked first %s', (tokens, speed, asked) => {
    expect(takesLong(estimateReading(size(tokens), speed))).toBe(asked);
  });

  it.each([
    [500, 100, false],
    [600, 100, true],
    [1_000, null, false],
    [1_001, null, true],
  ])('of %d tokens at %s tokens/s, without the memory: asked first %s', (tokens, speed, asked) => {
    expect(takesLong(estimateReading(size(tokens), speed), true)).toBe(asked);
    expect(takesLong(estimateReading(size(tokens), speed))).toBe(false);
  });

  it.each([
    [600, 'about 10 s'],
    [2_300, 'about 20 s'],
    [5_900, 'about 1 min'],
    [8_000, 'about 1 min'],
    [10_000, 'about 2 min'],
  ])('of %d tokens at 100 tokens/s has no more digits than it should: %s', (tokens, time) => {
    expect(describeEstimate(estimateReading(size(tokens), 100))).toContain(`takes ${time}.`);
  });
});

describe('the largest folders', () => {
  const files = [
    { path: 'README.md', tokens: 50 },
    { path: 'a/x.ts', tokens: 10 },
    { path: 'a/b/y.ts', tokens: 20 },
    { path: 'vendor/z.ts', tokens: 600 },
    { path: 'c/z.ts', tokens: 1 },
    { path: 'd/z.ts', tokens: 319 },
  ];

  it('hold what lies below them; files of the root are in none', () => {
    expect(largestFolders(files)).toEqual([
      { path: 'vendor/', tokens: 600 },
      { path: 'd/', tokens: 319 },
      { path: 'a/', tokens: 30 },
    ]);
    expect(largestFolders([{ path: 'README.md', tokens: 5 }])).toEqual([]);
  });

  it('are named with their shares', () => {
    const folders = largestFolders(files);
    expect(describeFolders(estimateReading({ tokens: 1000, folders }, null))).toBe(
      'Largest folders: vendor/ 60 %, d/ 32 %, a/ 3 %. To exclude a folder, add it to .lociignore.',
    );
    expect(describeFolders(estimateReading(size(5), null))).toBeNull();
  });
});
