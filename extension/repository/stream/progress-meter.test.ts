/** The time that is left, against readings as they were recorded (`record-reading.ts`). */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ProgressMeter } from './progress-meter.ts';
import type { ReadingCost } from './progress-meter.ts';
import { readingTraceSchema } from '../../../test/fixtures/reading-trace.ts';
import type { ReadingTrace } from '../../../test/fixtures/reading-trace.ts';

interface Prediction {
  readonly seconds: number;
  /** When the reading will end, in seconds since it began; null while unknown. */
  readonly end: number | null;
}

function trace(name: string): ReadingTrace {
  const file = new URL(`../../../test/fixtures/${name}.json`, import.meta.url);
  return readingTraceSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
}

/** What a meter says after each chunk of a reading. */
function predictions({ expectedTokens, events }: ReadingTrace, cost?: ReadingCost): Prediction[] {
  let now = 0;
  const files = events.filter(([kind]) => kind === 'file');
  const bytes = files.reduce((sum, [, size]) => sum + size, 0);
  const meter = new ProgressMeter(files.length, bytes, expectedTokens, () => now, cost);
  const found: Prediction[] = [];
  for (const event of events) {
    switch (event[0]) {
      case 'overhead':
        meter.addOverhead(event[1]);
        break;
      case 'file':
        meter.addFile(event[1], event[2]);
        break;
      case 'advance': {
        now = event[2];
        meter.advance(event[1]);
        const { etaSeconds } = meter.report();
        const seconds = now / 1000;
        found.push({ seconds, end: etaSeconds === null ? null : seconds + etaSeconds });
      }
    }
  }
  return found;
}

describe('the time that is left', () => {
  it.each(['reading-exact', 'reading-estimated'])('is right within a factor of 1.3: %s', (name) => {
    const all = predictions(trace(name));
    const end = all.at(-1)?.seconds ?? NaN;
    const late = all.filter(({ seconds }) => seconds >= 5);
    expect(late.length).toBeGreaterThan(25);
    const wrong = late.filter(
      (prediction) =>
        prediction.end === null || prediction.end > 1.3 * end || prediction.end < end / 1.3,
    );
    expect(wrong).toEqual([]);
  });

  it('foresees that the bundled model slows down until 3,000 tokens are held', () => {
    const cost = { heldTokens: 3_000, perHeldToken: 0.00086 };
    const all = predictions(trace('reading-growing'), cost).filter(({ seconds }) => seconds >= 5);
    const end = all.at(-1)?.end ?? NaN;
    const factors = all.map((each) => (each.end ?? NaN) / end);
    expect(Math.max(...factors)).toBeLessThan(1.3);
    expect(Math.min(...factors)).toBeGreaterThan(1 / 1.3);
  });

  it.each(['reading-exact', 'reading-estimated'])('does not jump with one chunk: %s', (name) => {
    const ends = predictions(trace(name))
      .filter(({ seconds }) => seconds >= 5)
      .map(({ end }) => end ?? NaN);
    const steps = ends.slice(1).map((end, i) => end / (ends[i] ?? NaN));
    expect(Math.max(...steps.map((step) => Math.max(step, 1 / step)))).toBeLessThan(1.15);
  });

  it('is unknown at first, and 0 in the end', () => {
    const all = predictions(trace('reading-exact'));
    expect(all[0]?.end).toBeNull();
    expect(all.at(-1)?.end).toBe(all.at(-1)?.seconds);
  });

  it('follows a machine that slows down', () => {
    let now = 0;
    const meter = new ProgressMeter(1, 400_000, 100_000, () => now);
    for (let chunk = 0; chunk < 10; chunk++) {
      now += 500;
      meter.advance(500);
    }
    expect(meter.report().tokensPerSecond).toBeCloseTo(1000);
    for (let chunk = 0; chunk < 40; chunk++) {
      now += 1000;
      meter.advance(500);
    }
    expect(meter.report().tokensPerSecond).toBeCloseTo(500);
    expect(meter.report().etaSeconds).toBeCloseTo(75_000 / 500);
  });
});
