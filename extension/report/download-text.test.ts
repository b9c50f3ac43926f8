import { expect, it } from 'vitest';
import { describeDownload, describeFit } from './download-text.ts';

const progress = {
  phase: 'downloading',
  bytes: 2 ** 30,
  totalBytes: 4 * 2 ** 30,
  bytesPerSecond: 2 ** 20,
  secondsLeft: 3_072,
} as const;

it.each([
  [{}, '1.0 GiB of 4.0 GiB (25 %), 1.0 MiB/s, 51 min 12 s left'],
  [{ bytesPerSecond: 0, secondsLeft: null }, '1.0 GiB of 4.0 GiB (25 %)'],
  [{ totalBytes: null, secondsLeft: null }, '1.0 GiB, 1.0 MiB/s'],
  [{ phase: 'connecting', bytes: 0 }, 'Connecting'],
  [{ phase: 'connecting' }, 'Connecting, 1.0 GiB are there'],
  [{ phase: 'waiting' }, 'The connection was cut: trying again, 1.0 GiB are there'],
  [{ phase: 'checking' }, 'Checking: 1.0 GiB of 4.0 GiB (25 %)'],
] as const)('%j is %s', (changes, text) => {
  expect(describeDownload({ ...progress, ...changes })).toBe(text);
});

it('says where a model fits', () => {
  const fit = { name: 'x', largestBudgetTokens: 1_234 };
  expect(describeFit({ ...fit, fits: 'gpu' })).toBe('fits the GPU (budget up to 1,234 tokens)');
  expect(describeFit({ ...fit, fits: 'cpu' })).toBe('fits main memory (budget up to 1,234 tokens)');
  expect(describeFit({ ...fit, fits: null })).toBe('does not fit this machine');
});
