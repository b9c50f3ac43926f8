import { describe, expect, it } from 'vitest';
import { formatSeconds, RemainingTime } from './progress.ts';

describe('the time left', () => {
  it('follows from what the steps so far took for their costs', () => {
    let now = 0;
    const remaining = new RemainingTime([10, 10, 40], () => now);
    expect(remaining.describe()).toBe('0 of 3');
    now = 5000;
    remaining.advance();
    expect(remaining.describe()).toBe('1 of 3, 25 s left');
    now = 10_000;
    remaining.advance();
    expect(remaining.describe()).toBe('2 of 3, 20 s left');
    remaining.advance();
    expect(remaining.describe()).toBe('3 of 3');
  });

  it('is written as people say it', () => {
    expect([4.26, 45, 600, 9000].map(formatSeconds)).toEqual(['4.3 s', '45 s', '10 min', '2.5 h']);
  });
});
