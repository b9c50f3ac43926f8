/** A log in which nothing is said over and over. */

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
 * Passes lines on, but those that were said within the last minute: how often they came is told with
 * the next line after it.
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
    // In the order in which they were said first.
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
