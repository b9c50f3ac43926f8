/** Progress of reading a repository: one updating line, or a line from time to time. */

import type { EngineListener } from '../engine-client/client.ts';
import type { Phase, Progress } from '../protocol/notifications/progress.ts';
import {
  byteSize,
  counted,
  duration,
  fullCount,
  rememberedText,
  rememberedTokens,
} from '../report/format.ts';
import type { OpenResult } from '../protocol/requests/open.ts';
import type { Terminal } from './terminal.ts';

/** The interval of progress lines without an updating line. */
const quietMs = 5_000;

/** Makes the listener of a command's engine. */
export function engineListener(terminal: Terminal, verbose: boolean): EngineListener {
  let phase: Phase | null = null;
  let toldAt = performance.now();
  return {
    onProgress: (progress) => {
      const line = describeProgress(progress);
      terminal.status(line);
      if (terminal.interactive) return;
      const now = performance.now();
      if (phase !== progress.phase || now - toldAt >= quietMs) {
        if (phase !== progress.phase || progress.tokens > 0) terminal.note(line);
        phase = progress.phase;
        toldAt = now;
      }
    },
    onLog: ({ level, text }) => {
      if (verbose) terminal.note(`[${level}] ${text.trimEnd()}`);
    },
  };
}

/** Describes progress in one line. */
export function describeProgress(progress: Progress): string {
  const { files, totalFiles, tokens, totalTokens, tokensPerSecond, etaSeconds } = progress;
  const left = etaSeconds === null ? '' : `, ${duration(etaSeconds)} left`;
  switch (progress.phase) {
    case 'listing':
      return `Listing: ${counted(files, 'file')}`;
    case 'loading':
      return 'Loading the model';
    case 'measuring':
      return `Profiling the model (first time only)${left === '' ? '…' : left}`;
    case 'answering':
      return 'Answering';
    case 'reading':
    case 'following':
    case 'refining': {
      const doing = progress.phase === 'refining' ? 'Refining' : 'Reading';
      const done = `${fullCount(files)} of ${counted(totalFiles, 'file')}, ${fullCount(tokens)} of ${fullCount(totalTokens)} tokens`;
      const rate = tokensPerSecond > 0 ? `, ${fullCount(tokensPerSecond)} tokens/s` : '';
      return `${doing}: ${done}${rate}${left}`;
    }
  }
}

/** Describes in one line what was read and what is held. */
export function describeOpened(result: OpenResult): string {
  const { repository, memory, timings, gpu, model, refined, restored } = result;
  const { heldTokens } = memory;
  const figures = { heldTokens, totalTokens: repository.totalTokens };
  const read = `read ${counted(repository.files, 'file')}${refined ? ' again' : ''}`;
  const tokens = counted(repository.tokens, 'token');
  const seconds = duration(timings.ingestMs / 1000);
  const done = restored
    ? `has ${counted(repository.files, 'file')} from disk, ${tokens} that took ${seconds} to read. `
    : `${read}, ${tokens} in ${seconds}. `;
  return (
    `${model.name} on ${gpu} ${done}` +
    `${rememberedText(figures)} (${rememberedTokens(figures)}, ${byteSize(memory.kvBytes)}).`
  );
}
