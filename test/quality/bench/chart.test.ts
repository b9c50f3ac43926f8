import { describe, expect, it } from 'vitest';
import { lineChart } from './chart.ts';

const point = (mean: number): { mean: number; low: number; high: number } => ({
  mean,
  low: mean - 0.1,
  high: mean + 0.1,
});

const chart = {
  title: 'Right by budget',
  subtitle: '8 contexts',
  xTitle: 'Budget',
  yTitle: 'share',
  categories: ['5%', '10%', '25%'],
  series: [
    { name: 'a<b', points: [point(0.2), point(0.4), point(0.6)] },
    { name: 'random', points: [point(0.1), null, point(0.3)] },
  ],
  reference: { name: 'all tokens', value: 0.8 },
  range: [0, 1] as const,
};

/** The texts of a chart, by position. */
function textsOf(svg: string): { x: number; y: number; content: string; anchor: string }[] {
  return [...svg.matchAll(/<text x="([\d.]+)" y="([\d.]+)" ([^>]*)>([^<]*)</g)].map(
    ([, x, y, style = '', content = '']) => ({
      x: Number(x),
      y: Number(y),
      content,
      anchor: /text-anchor="(\w+)"/.exec(style)?.[1] ?? 'start',
    }),
  );
}

describe('lineChart', () => {
  it('draws a point and an error bar for every estimate, and none for what is missing', () => {
    const svg = lineChart(chart);
    // Three, and one in the legend; two squares, one in the legend, and the background.
    expect(svg.match(/<circle/g)).toHaveLength(4);
    expect(svg.match(/<rect/g)).toHaveLength(4);
    const [first, second] = [...svg.matchAll(/<polyline points="([^"]*)"/g)].map(([, p = '']) =>
      p.split(' ').map((pair) => pair.split(',').map(Number)),
    );
    expect(first).toHaveLength(3);
    expect(second).toHaveLength(2);
    const heights = first?.map(([, y = NaN]) => y) ?? [];
    // The steps are equal, and larger values are higher.
    expect((heights[0] ?? 0) - (heights[1] ?? 0)).toBeCloseTo(52, 0);
    expect((heights[1] ?? 0) - (heights[2] ?? 0)).toBeCloseTo(52, 0);
  });

  it('escapes names and names everything', () => {
    const svg = lineChart(chart);
    expect(svg).toContain('a&lt;b');
    for (const name of ['all tokens', 'random', '5%', '25%', 'Budget', 'share']) {
      expect(svg).toContain(`>${name}<`);
    }
  });

  it('never puts two texts on one another, with long names and many of them', () => {
    const series = Array.from({ length: 12 }, (_, index) => ({
      name: `laprox:window=${String(index)}:pool=5:allocation=uniform:score=defensive`,
      points: [point(0.2), point(0.4), point(0.6)],
    }));
    const svg = lineChart({ ...chart, series });
    const boxes = textsOf(svg).map(({ x, y, content, anchor }) => {
      const width = content.length * 6.6;
      const left = anchor === 'end' ? x - width : anchor === 'middle' ? x - width / 2 : x;
      return { left, right: left + width, top: y - 10, bottom: y + 3, content };
    });
    const overlaps = boxes.flatMap((a, i) =>
      boxes
        .slice(i + 1)
        .filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
        .map((b) => [a.content, b.content]),
    );
    expect(overlaps).toEqual([]);
    const [, width = 0, height = 0] = /width="(\d+)" height="(\d+)"/.exec(svg)?.map(Number) ?? [];
    expect(Math.max(...boxes.map(({ right }) => right))).toBeLessThanOrEqual(width);
    expect(Math.max(...boxes.map(({ bottom }) => bottom))).toBeLessThanOrEqual(height);
  });

  it('finds round ticks for figures that have no range of their own', () => {
    const svg = lineChart({ ...chart, range: null, reference: { name: 'r', value: 3.7 } });
    expect(
      textsOf(svg)
        .filter(({ anchor }) => anchor === 'end')
        .map(({ content }) => content),
    ).toEqual(['0', '1', '2', '3', '4']);
  });
});
