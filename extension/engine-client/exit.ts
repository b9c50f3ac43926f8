/** Messages for an unexpected end of the engine process. */

import type { Phase } from '../protocol/notifications/progress.ts';

/** What the engine was doing. */
export type EnginePhase = Phase | 'starting' | 'completing' | 'idle';

export interface EngineExit {
  /** null if a signal ended it. */
  readonly code: number | null;
  readonly signal: string | null;
  /** The last meaningful line of its error output, for the log; null if there is none. */
  readonly lastError: string | null;
}

const phaseText: Readonly<Record<EnginePhase, string>> = {
  starting: 'while it started',
  loading: 'while loading the model',
  listing: 'while listing the files',
  measuring: 'while profiling the model',
  reading: 'while reading the repository',
  following: 'while reading changed files',
  refining: 'while refining the memory',
  answering: 'while answering',
  completing: 'while completing code',
  idle: 'while it was idle',
};

/** Signals that a bug in the program itself raises. */
const faults = new Set(['SIGABRT', 'SIGSEGV', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGTRAP']);

/** Describes in one sentence what happened and in which phase, without the last line of output. */
export function describeExit(exit: EngineExit, phase: EnginePhase): string {
  return `The engine ${describeCause(exit)} ${phaseText[phase]}.`;
}

function describeCause({ code, signal }: EngineExit): string {
  if (signal === 'SIGKILL') return 'was killed (SIGKILL; possibly out of memory)';
  if (signal !== null)
    return faults.has(signal) ? `crashed (${signal})` : `was terminated (${signal})`;
  if (code === 0) return 'ended';
  return `stopped with exit code ${code === null ? 'unknown' : String(code)}`;
}
