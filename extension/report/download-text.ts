/** A download in words. */

import type { DownloadProgress } from '../protocol/download-progress.ts';
import type { ModelFit } from '../protocol/requests/proposed-models.ts';
import { byteSize, duration, fullCount, percent } from './format.ts';

/** One line: `1.2 GiB of 4.4 GiB (27 %), 11 MiB/s, 4 min 3 s left`. */
export function describeDownload(progress: DownloadProgress): string {
  const { phase, bytes, totalBytes, bytesPerSecond, secondsLeft } = progress;
  const done =
    totalBytes === null
      ? byteSize(bytes)
      : `${byteSize(bytes)} of ${byteSize(totalBytes)} (${percent(bytes / Math.max(1, totalBytes))})`;
  switch (phase) {
    case 'connecting':
      return bytes === 0 ? 'Connecting' : `Connecting, ${byteSize(bytes)} are there`;
    case 'waiting':
      return `The connection was cut: trying again, ${byteSize(bytes)} are there`;
    case 'checking':
      return `Checking: ${done}`;
    case 'downloading': {
      const speed = bytesPerSecond > 0 ? `, ${byteSize(bytesPerSecond)}/s` : '';
      const left = secondsLeft === null ? '' : `, ${duration(secondsLeft)} left`;
      return `${done}${speed}${left}`;
    }
  }
}

/** Where a model that is not there yet would fit: `fits the GPU (budget up to 12,000 tokens)`. */
export function describeFit({ fits, largestBudgetTokens }: ModelFit): string {
  if (fits === null) return 'does not fit this machine';
  const where = fits === 'gpu' ? 'the GPU' : 'main memory';
  return `fits ${where} (budget up to ${fullCount(largestBudgetTokens)} tokens)`;
}
