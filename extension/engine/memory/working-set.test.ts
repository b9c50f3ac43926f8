import { describe, expect, it } from 'vitest';
import { workingSet } from './working-set.ts';

describe('workingSet', () => {
  it.each([
    // The smallest models: a chunk for each, as they are read.
    [null, 2048, { chat: 256, completion: 256, measuring: 256, rows: 256, total: 768 }],
    [null, 512, { chat: 256, completion: 256, measuring: 256, rows: 256, total: 768 }],
    [null, 8192, { chat: 1536, completion: 1024, measuring: 512, rows: 1536, total: 3072 }],
    [null, 32768, { chat: 2560, completion: 1024, measuring: 512, rows: 2560, total: 4096 }],
    [20_000, 32768, { chat: 10752, completion: 1024, measuring: 512, rows: 10752, total: 12288 }],
    // A chunk is read behind the memory whatever the user chose.
    [768, 32768, { chat: 256, completion: 256, measuring: 256, rows: 1024, total: 1536 }],
  ])('of %s wanted and %d trained tokens', (wanted, trainedContext, expected) => {
    expect(workingSet(wanted, trainedContext)).toEqual(expected);
  });
});
