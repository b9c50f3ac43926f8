import { describe, expect, it } from 'vitest';
import type { Accuracy, QualityCell, QualityReport } from '../protocol/quality-report.ts';
import { qualityReportSchema } from '../protocol/quality-report.ts';
import {
  describeSufficient,
  qualityChart,
  qualityColumns,
  qualityRows,
  sufficiency,
} from './quality-summary.ts';

function accuracy(exact: number): Accuracy {
  return {
    probes: 100,
    exact,
    share: exact / 100,
    low: Math.max(0, exact / 100 - 0.08),
    high: Math.min(1, exact / 100 + 0.08),
    natsPerToken: 3 - exact / 50,
  };
}

function cell(policy: QualityCell['policy'], percent: number, exact: number): QualityCell {
  return {
    policy,
    budget: `${String(percent)}%`,
    budgetTokens: 100 * percent,
    heldTokens: 100 * percent,
    budgetShare: percent / 100,
    kvBytes: percent * 2 ** 20,
    readSeconds: 2,
    accuracy: accuracy(exact),
  };
}

function report(cells: readonly QualityCell[], alone = 4): QualityReport {
  return {
    model: 'tiny',
    device: 'cpu',
    files: 12,
    tokens: 10_000,
    seed: 1,
    form: 'line',
    candidates: 300,
    kinds: { constant: 50, import: 30, symbol: 20 },
    alone: accuracy(alone),
    full: null,
    cells: [...cells],
    notices: [],
  };
}

const cells = [
  cell('laprox', 5, 30),
  cell('laprox', 10, 63),
  cell('laprox', 25, 65),
  cell('laprox', 50, 64),
  cell('streaming', 5, 70),
];

/** A cell with so few questions that its interval is wide. */
function vague(percent: number, share: number): QualityCell {
  const wide = { ...accuracy(0), probes: 10, share, low: share - 0.25, high: share + 0.25 };
  return { ...cell('laprox', percent, 0), accuracy: wide };
}

describe('describeSufficient', () => {
  it('names the smallest budget of the first policy that does as well as its best', () => {
    expect(describeSufficient(report(cells))).toBe(
      'With laprox, 10% (1,000 tokens, 10 MiB) is the smallest budget that does as well as the best: 63.0 % exact, against 65.0 % at 25%.',
    );
    expect(describeSufficient(report([cell('laprox', 5, 30), cell('laprox', 10, 63)]))).toContain(
      'With laprox, 10% ',
    );
  });

  it('draws no conclusion where intervals overlap', () => {
    const few = { ...report([vague(10, 0.4), vague(25, 0.5)]), alone: vague(0, 0.1).accuracy };
    expect(describeSufficient({ ...few, alone: { ...few.alone, high: 0.2 } })).toBe(
      '10 questions are too few to distinguish 10% from 25%. Ask more questions.',
    );
  });

  it('takes two equal shares of few questions for no proof that they are equal', () => {
    const few = report([vague(10, 0.5), vague(25, 0.51)]);
    expect(sufficiency({ ...few, alone: { ...accuracy(0), high: 0.1 } })).toEqual({
      kind: 'unclear',
      smaller: '10%',
      larger: '25%',
    });
  });

  it('does not tell a budget from no memory where the intervals overlap', () => {
    const sentence = describeSufficient(report([cell('laprox', 5, 4), cell('laprox', 50, 14)]));
    expect(sentence).toBe(
      '100 questions are too few to distinguish no memory from 50%. Ask more questions.',
    );
  });

  it('says so where nothing could be measured', () => {
    expect(describeSufficient(report([]))).toBe('No budget could be measured.');
  });
});

describe('qualityRows', () => {
  it('has a cell for each column, and what a lowered budget came to', () => {
    const lowered = { ...cell('laprox', 25, 50), budgetShare: 0.097 };
    const rows = qualityRows({ ...report([lowered]), full: cell('full', 100, 90) });
    for (const row of rows) expect(row).toHaveLength(qualityColumns.length);
    expect(rows.map(([policy]) => policy)).toEqual(['no memory', 'laprox', 'full']);
    expect(rows[1]?.[1]).toBe('25% (9.7%)');
    expect(rows[2]?.slice(1, 6)).toEqual(['100%', '10,000', '100 MiB', '90.0 %', '82.0 to 98.0 %']);
  });
});

describe('qualityChart', () => {
  it('has a line per policy and a level without memory, in both measures', () => {
    for (const measure of ['exact', 'nats'] as const) {
      const svg = qualityChart(report(cells), measure, { alone: true });
      expect(svg.match(/<path /gu)).toHaveLength(2);
      expect(svg).toContain('>no memory<');
    }
  });

  it('writes the name of a hostile model as text', () => {
    const hostile = { ...report(cells), model: '<img src=x onerror=alert(1)>' };
    expect(qualityChart(hostile, 'exact', { alone: true })).not.toContain('<img');
  });
});

describe('qualityReportSchema', () => {
  it('takes a report, and no share beyond one', () => {
    expect(qualityReportSchema.safeParse(report(cells)).success).toBe(true);
    const wrong = { ...report(cells), alone: { ...accuracy(4), share: 4 } };
    expect(qualityReportSchema.safeParse(wrong).success).toBe(false);
  });
});
