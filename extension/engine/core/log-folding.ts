/** A log without repetitions. */

import type { LogLevel } from '../../protocol/notifications/log.ts';

type Log = (level: LogLevel, text: string) => void;

interface Said {
  readonly level: LogLevel;
  readonly at: number;
  repetitions: number;
}

const windowMs = 60_000;
const mostLines = 64;

/**
 * Forwards lines, except those already logged within the last minute; the next line after that
 * minute reports their number.
 * @param now milliseconds, monotonic
 */
export function foldRepetitions(log: Log, now: () => number = () => performance.now()): Log {
  const said = new Map<string, Said>();
  const forget = (text: string, { level, repetitions }: Said): void => {
    said.delete(text);
    if (repetitions > 0) log(level, `${text} (${times(repetitions)} more)`);
  };
  return (level, text) => {
    const time = now();
    // In order of first occurrence.
    for (const [known, entry] of said) {
      if (time - entry.at < windowMs && said.size < mostLines) break;
      forget(known, entry);
    }
    const before = said.get(text);
    if (before !== undefined) {
      before.repetitions += 1;
      return;
    }
    said.set(text, { level, at: time, repetitions: 0 });
    log(level, text);
  };
}

function times(count: number): string {
  return count === 1 ? 'once' : `${String(count)} times`;
}
