/** The text of the status bar item. */

import type { SessionState } from '../../engine-client/session-state.ts';
import type { OpenResult } from '../../protocol/requests/open.ts';
import {
  byteSize,
  duration,
  fullCount,
  percent,
  rememberedShare,
  rememberedText,
  rememberedTokens,
  stoppedEarly,
} from '../../report/format.ts';
import { describeEstimate } from '../../report/reading-estimate.ts';

const notRead = 'this repository has not been read yet.';
const unloaded = 'the model is unloaded. The next question or completion brings the memory back.';

/** The item's text in a state. */
export interface StatusText {
  readonly text: string;
  readonly tooltip: string;
  readonly severity: 'none' | 'warning' | 'error';
}

/**
 * Returns the text for a state.
 * @param outdated the settings that have changed since the memory was read
 */
export function statusText(state: SessionState, outdated: string | null = null): StatusText {
  switch (state.kind) {
    case 'idle':
      return plain('$(book) Loci', `Loci: ${state.unloaded === true ? unloaded : notRead}`);
    case 'counting':
      return plain('$(sync~spin) Loci', 'Loci: counting the files…');
    case 'proposed':
      return plain('$(book) Loci', `Loci: ${describeEstimate(state.estimate)}`);
    case 'cancelled':
      return plain('$(book) Loci', 'Loci: reading was cancelled.');
    case 'reading':
      return readingText(state);
    case 'ready': {
      return readyText(state.result, outdated);
    }
    case 'restarting':
      return { text: '$(warning) Loci', tooltip: `Loci: ${state.message}`, severity: 'warning' };
    case 'failed':
      return { text: '$(error) Loci', tooltip: `Loci: ${state.message}`, severity: 'error' };
  }
}

/** Describes the end of a refinement that did not fail: an improved memory, or why not. */
export function refineOutcome({
  refined,
  notices,
}: Pick<OpenResult, 'refined' | 'notices'>): string {
  return refined ? 'The memory was refined.' : (notices.at(-1) ?? 'The memory was not refined.');
}

function plain(text: string, tooltip: string): StatusText {
  return { text, tooltip, severity: 'none' };
}

function readyText(
  { memory, repository, refined, complete }: OpenResult,
  outdated: string | null,
): StatusText {
  const { heldTokens, logicalBytes } = memory;
  const figures = { heldTokens, totalTokens: repository.totalTokens };
  const sentences = [
    `Loci: ${rememberedText(figures)} (${rememberedTokens(figures)}, ${byteSize(logicalBytes)}).`,
    refined ? 'The memory was refined.' : null,
    complete ? null : stoppedEarly(repository.files, repository.totalFiles),
    outdated,
  ];
  const tooltip = sentences.filter((sentence) => sentence !== null).join(' ');
  return plain(`$(book) ${percent(rememberedShare(figures))}`, tooltip);
}

function readingText({ progress, cancelling }: SessionState & { kind: 'reading' }): StatusText {
  if (cancelling) return plain('$(sync~spin) Loci', 'Loci: cancelling…');
  if (progress?.phase === 'loading') {
    return plain('$(sync~spin) Loci', 'Loci: loading the model…');
  }
  if (progress?.phase === 'measuring') {
    const left = progress.etaSeconds === null ? '…' : `, ${duration(progress.etaSeconds)} left.`;
    return plain('$(sync~spin) Loci', `Loci: profiling the model (first time only)${left}`);
  }
  if (progress?.phase !== 'reading' || progress.totalTokens === 0) {
    return plain('$(sync~spin) Loci', 'Loci: preparing to read…');
  }
  const share = Math.min(99, Math.floor((100 * progress.tokens) / progress.totalTokens));
  const rest = progress.etaSeconds === null ? '' : `, ${duration(progress.etaSeconds)} left`;
  return plain(
    `$(sync~spin) Loci ${String(share)} %`,
    `Loci: read ${fullCount(progress.tokens)} of ${fullCount(progress.totalTokens)} tokens${rest}.`,
  );
}
