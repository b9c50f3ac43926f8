import { describe, expect, it } from 'vitest';
import { drawChart, escapeText } from './chart.ts';
import type { Chart } from './chart.ts';

const chart: Chart = {
  title: 'Exact answers',
  xLabel: 'Budget',
  yLabel: 'Exact (%)',
  yMost: 100,
  yStep: 20,
  series: ['laprox', 'streaming', 'random'].map((name, index) => ({
    name,
    points: [5, 9.7, 10, 25, 50, 100].map((x) => ({
      x,
      y: 10 * index + x / 2,
      range: [10 * index, 90] as const,
    })),
  })),
  levels: [
    { name: 'no memory', y: 3 },
    { name: 'everything kept', y: 88 },
  ],
};

interface Box {
  readonly left: number;
  readonly right: number;
  readonly y: number;
  readonly text: string;
}

/** The bounding boxes of the horizontal texts, for a wide font. */
function boxes(svg: string): Box[] {
  const found = svg.matchAll(
    /<text x="([\d.]+)" y="([\d.]+)" text-anchor="(\w+)"([^>]*)>([^<]*)</gu,
  );
  return [...found].flatMap(([, x = '', y = '', anchor, more = '', text = '']) => {
    if (more.includes('rotate')) return [];
    const width = text.length * 7;
    const before = anchor === 'start' ? 0 : anchor === 'middle' ? width / 2 : width;
    const left = Number(x) - before;
    return [{ left, right: left + width, y: Number(y), text }];
  });
}

function overlaps(svg: string): string[] {
  const all = boxes(svg);
  return all.flatMap((a, index) =>
    all
      .slice(index + 1)
      .filter((b) => Math.abs(a.y - b.y) < 12 && a.left < b.right && b.left < a.right)
      .map((b) => `${a.text} / ${b.text}`),
  );
}

describe('drawChart', () => {
  it('draws a line, a marker per point and an error bar per range for each series', () => {
    const svg = drawChart(chart, { alone: true });
    expect(svg.match(/<path /gu)).toHaveLength(3);
    // The legend has one more marker per series.
    expect(svg.match(/<polygon /gu)).toHaveLength(3 * 7);
    expect(svg.match(/<line class="s0"/gu)).toHaveLength(6 * 3 + 1);
    for (const { name } of [...chart.series, ...chart.levels]) expect(svg).toContain(`>${name}<`);
  });

  it('puts more above less, and a doubled budget always as far to the right', () => {
    const points = [5, 10, 20].map((x) => ({ x, y: x, range: null }));
    const svg = drawChart({ ...chart, series: [{ name: 'a', points }] }, { alone: false });
    const places = /d="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)"/u.exec(svg);
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0, x3 = 0, y3 = 0] = (places ?? []).slice(1).map(Number);
    expect(x2 - x1).toBeCloseTo(x3 - x2, 0);
    expect(x2).toBeGreaterThan(x1);
    expect(y1).toBeGreaterThan(y2);
    expect(y2 - y3).toBeCloseTo(2 * (y1 - y2), 0);
  });

  it('lets no text overlap another or leave the picture, however many and long they are', () => {
    const names = ['laprox', 'streaming', 'random', 'x'.repeat(200), 'ahakv', 'snapkv'];
    const series = names.map((name) => ({ name, points: chart.series[0]?.points ?? [] }));
    for (const each of [chart, { ...chart, series, title: 'y'.repeat(300) }]) {
      const svg = drawChart(each, { alone: false });
      expect(overlaps(svg)).toEqual([]);
      for (const { left, right } of boxes(svg)) {
        expect(left).toBeGreaterThanOrEqual(0);
        expect(right).toBeLessThanOrEqual(640);
      }
    }
  });

  it('takes its colours from the theme, and has its own where there is none', () => {
    const svg = drawChart(chart, { alone: true });
    expect(svg).toContain('var(--vscode-charts-blue,#');
    expect(svg).toMatch(/stroke="#[0-9a-f]{6}"/u);
    // A view's content security policy forbids inline styles.
    expect(drawChart(chart, { alone: false })).not.toMatch(/<style|style=/u);
  });

  it('writes hostile names as text', () => {
    const hostile = `</title><script>alert(1)</script>" onload='x' &amp; \u0000\ud800`;
    const svg = drawChart(
      { ...chart, title: hostile, series: [{ name: hostile, points: [] }, ...chart.series] },
      { alone: true },
    );
    expect(svg).not.toContain('<script');
    expect(svg).not.toMatch(/onload='/u);
    expect(svg).not.toContain('\u0000');
    expect(svg).not.toMatch(/\p{Surrogate}/u);
    expect(svg).toContain('&lt;script&gt;');
  });
});

describe('escapeText', () => {
  it('keeps what is harmless', () => {
    expect(escapeText('naïve 10 % 漢字 𝒙')).toBe('naïve 10 % 漢字 𝒙');
    expect(escapeText(`<&>"'`)).toBe('&lt;&amp;&gt;&quot;&#39;');
  });
});
