/** What is said when the engine process ends without being asked to. */

import type { Phase } from '../protocol/notifications/progress.ts';

/** What the engine was doing. */
export type EnginePhase = Phase | 'starting' | 'completing' | 'idle';

export interface EngineExit {
  /** null where a signal ended it. */
  readonly code: number | null;
  readonly signal: string | null;
  /** The last line of its error output that says something, for the log; null without one. */
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

/** Signals that a fault of the program itself raises. */
const faults = new Set(['SIGABRT', 'SIGSEGV', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGTRAP']);

/** One sentence: what happened, and in which phase. What the engine said last is for the log. */
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
