import { describe, expect, it } from 'vitest';
import { foldRepetitions } from './log-folding.ts';

describe('foldRepetitions', () => {
  it('says a line once a minute, and then how often it came', () => {
    let now = 0;
    const lines: string[] = [];
    const log = foldRepetitions(
      (level, text) => lines.push(`${level} ${text}`),
      () => now,
    );
    for (let i = 0; i < 900; i++) {
      log('error', i % 3 === 0 ? 'a' : 'b');
      now += 10;
    }
    expect(lines).toEqual(['error a', 'error b']);
    now += 60_000;
    log('info', 'c');
    expect(lines.slice(2)).toEqual([
      'error a (299 times more)',
      'error b (599 times more)',
      'info c',
    ]);
    log('error', 'a');
    log('error', 'a');
    now += 60_000;
    log('info', 'd');
    expect(lines.slice(5)).toEqual(['error a', 'error a (once more)', 'info d']);
  });

  it('passes different lines on, and remembers only so many', () => {
    const lines: string[] = [];
    const log = foldRepetitions(
      (_, text) => lines.push(text),
      () => 0,
    );
    for (let i = 0; i < 100; i++) log('warn', `line ${String(i)}`);
    expect(lines).toHaveLength(100);
    log('warn', 'line 0');
    log('warn', 'line 99');
    expect(lines).toHaveLength(101);
  });
});
