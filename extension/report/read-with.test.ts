import { describe, expect, it } from 'vitest';
import type { OpenParameters } from '../protocol/requests/open.ts';
import { describeReadWith, givesUpMemory } from './read-with.ts';

const read: OpenParameters = {
  modelPath: null,
  gpu: 'auto',
  roots: ['/work/app'],
  budget: { unit: 'percent', value: 10 },
  policy: 'default',
  policyParameters: {},
  kvType: 'f16',
  threads: 2,
};

/**
 * Each setting that changes the memory: the wanted value, and the text for the one it was read
 * with.
 */
const changes: readonly [Partial<OpenParameters>, string][] = [
  [{ modelPath: '/models/a.gguf' }, 'the bundled model'],
  [{ gpu: 'cpu' }, 'the device auto'],
  [{ roots: ['/work/app', '/work/lib'] }, 'the folder app'],
  [{ budget: { unit: 'tokens', value: 3000 } }, 'a budget of 10 %'],
  [{ policy: 'laprox' }, 'the policy default'],
  [{ policyParameters: { window: '8' } }, 'other policy parameters'],
  [{ kvType: 'q8_0' }, 'keys and values as f16'],
  [{ workingTokens: 4096 }, 'the default working set'],
];

describe('a memory that was read with other settings', () => {
  it.each(changes)('says which: %j', (change, words) => {
    expect(describeReadWith(read, { ...read, ...change })).toBe(
      `This memory was read with ${words}; use Read Again to apply the new settings.`,
    );
  });

  it('lists all of them, as they were', () => {
    const model = { modelPath: 'C:\\models\\big.gguf', workingTokens: 1_024 };
    const before = { ...read, ...model, budget: { unit: 'tokens', value: 3000 } } as const;
    expect(describeReadWith(before, { ...read, kvType: 'q4_0' })).toBe(
      'This memory was read with the model big.gguf, a budget of 3,000 tokens, keys and values as f16 ' +
        'and a working set of 1,024 tokens; use Read Again to apply the new settings.',
    );
  });

  it('says nothing where they are the same, whatever the threads', () => {
    expect(describeReadWith(read, { ...read, threads: 8 })).toBeNull();
  });

  it('goes first for another model or device alone', () => {
    const gone = changes.filter(([change]) => givesUpMemory(read, { ...read, ...change }));
    expect(gone.map(([, words]) => words)).toEqual(['the bundled model', 'the device auto']);
  });
});
