/** Draws a small line chart as SVG: dark on light, readable in print and without colours. */
import type { Estimate } from '../statistics.ts';

export interface LineChart {
  readonly title: string;
  readonly subtitle: string;
  readonly xTitle: string;
  readonly yTitle: string;
  /** The places on the x axis, evenly spaced. */
  readonly categories: readonly string[];
  /** At most one point per category; intervals become error bars. */
  readonly series: readonly {
    readonly name: string;
    readonly points: readonly (Estimate | null)[];
  }[];
  /** A level for comparison. */
  readonly reference: { readonly name: string; readonly value: number } | null;
  /** The range of the y axis; null for 0 to the largest value. */
  readonly range: readonly [number, number] | null;
}

/** The colours of Okabe and Ito that are dark enough on white. */
const colours = ['#0072b2', '#d55e00', '#007a5a', '#7b3f8c', '#000000', '#a06a00', '#5b5b5b'];
const dashes = ['', '7 3', '2 3', '9 3 2 3', '5 2', '1 2'];

const plot = { left: 70, top: 64, width: 460, height: 260 };
const legendWidth = 250;
const characterWidth = 6.6;
const rowHeight = 20;

export function lineChart(chart: LineChart): string {
  const entries = chart.series.length + (chart.reference === null ? 0 : 1);
  const lines = chart.series.reduce((sum, { name }) => sum + wrap(name).length - 1, entries);
  const height = Math.max(plot.top + plot.height + 62, plot.top + lines * rowHeight + 20);
  const width = plot.left + plot.width + 20 + legendWidth;
  const scale = axis(chart);
  const y = (value: number): number =>
    plot.top + plot.height - ((value - scale.low) / (scale.high - scale.low)) * plot.height;
  const step = plot.width / chart.categories.length;
  const x = (category: number): number => plot.left + step * (category + 0.5);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${String(width)}" height="${String(height)}" viewBox="0 0 ${String(width)} ${String(height)}" font-family="Helvetica, Arial, sans-serif" font-size="12" fill="#1a1a1a">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    text(plot.left, 24, chart.title, 'font-size="16" font-weight="bold"'),
    text(plot.left, 44, chart.subtitle, 'fill="#444444"'),
    ...scale.ticks.flatMap((tick) => [
      line(plot.left, y(tick), plot.left + plot.width, y(tick), 'stroke="#dddddd"'),
      text(plot.left - 8, y(tick) + 4, String(tick), 'text-anchor="end"'),
    ]),
    ...chart.categories.map((name, index) =>
      text(x(index), plot.top + plot.height + 20, name, 'text-anchor="middle"'),
    ),
    line(
      plot.left,
      plot.top + plot.height,
      plot.left + plot.width,
      plot.top + plot.height,
      axisStyle,
    ),
    line(plot.left, plot.top, plot.left, plot.top + plot.height, axisStyle),
    text(
      plot.left + plot.width / 2,
      plot.top + plot.height + 46,
      chart.xTitle,
      'text-anchor="middle"',
    ),
    `<text transform="translate(20 ${String(plot.top + plot.height / 2)}) rotate(-90)" text-anchor="middle">${escape(chart.yTitle)}</text>`,
    ...chart.series.flatMap(({ points }, index) =>
      drawSeries(points, index, chart.series.length, x, y),
    ),
    ...(chart.reference === null
      ? []
      : [
          line(
            plot.left,
            y(chart.reference.value),
            plot.left + plot.width,
            y(chart.reference.value),
            referenceStyle,
          ),
        ]),
    ...legend(chart),
    '</svg>\n',
  ].join('\n');
}

const axisStyle = 'stroke="#1a1a1a"';
const referenceStyle = 'stroke="#1a1a1a" stroke-width="1.2" stroke-dasharray="2 5"';

function drawSeries(
  points: readonly (Estimate | null)[],
  index: number,
  count: number,
  x: (category: number) => number,
  y: (value: number) => number,
): string[] {
  // Draw the error bars of several series at one category side by side.
  const shift = (index - (count - 1) / 2) * Math.min(8, 40 / count);
  const style = strokeOf(index);
  const known = points.flatMap((point, category) =>
    point === null ? [] : [{ point, at: x(category) + shift }],
  );
  const path = known.map(({ point, at }) => `${round(at)},${round(y(point.mean))}`).join(' ');
  return [
    `<polyline points="${path}" fill="none" ${style}/>`,
    ...known.flatMap(({ point, at }) => [
      line(at, y(point.low), at, y(point.high), `stroke="${colourOf(index)}"`),
      line(at - 3, y(point.low), at + 3, y(point.low), `stroke="${colourOf(index)}"`),
      line(at - 3, y(point.high), at + 3, y(point.high), `stroke="${colourOf(index)}"`),
      marker(index, at, y(point.mean)),
    ]),
  ];
}

function legend(chart: LineChart): string[] {
  const left = plot.left + plot.width + 20;
  const parts: string[] = [];
  let top = plot.top + 6;
  const entry = (name: string, sample: string): void => {
    parts.push(sample);
    for (const part of wrap(name)) {
      parts.push(text(left + 36, top + 4, part));
      top += rowHeight;
    }
  };
  for (const [index, { name }] of chart.series.entries()) {
    entry(name, line(left, top, left + 28, top, strokeOf(index)) + marker(index, left + 14, top));
  }
  if (chart.reference !== null) {
    entry(chart.reference.name, line(left, top, left + 28, top, referenceStyle));
  }
  return parts;
}

/** Breaks a name into lines that fit the legend, at the colons of policies. */
function wrap(name: string): string[] {
  const most = Math.floor((legendWidth - 46) / characterWidth);
  const lines = [''];
  for (const part of name.split(/(?<=[: ,])/)) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + part.length > most) lines.push(part);
    else lines[lines.length - 1] = last + part;
  }
  return lines;
}

/** Chooses a range that begins at 0, with ticks at round values. */
function axis({ range, series, reference }: LineChart): {
  low: number;
  high: number;
  ticks: number[];
} {
  const values = series.flatMap(({ points }) => points.map((point) => point?.high ?? 0));
  const most = range?.[1] ?? Math.max(1e-9, ...values, reference?.value ?? 0);
  const low = range?.[0] ?? 0;
  const rough = (most - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999) ?? 10);
  const count = Math.ceil((most - low) / step - 1e-9);
  const ticks = Array.from({ length: count + 1 }, (_, i) =>
    Number((low + i * step).toPrecision(6)),
  );
  return { low, high: ticks.at(-1) ?? most, ticks };
}

function marker(index: number, x: number, y: number): string {
  const fill = `fill="${colourOf(index)}"`;
  switch (index % 3) {
    case 0:
      return `<circle cx="${round(x)}" cy="${round(y)}" r="3.5" ${fill}/>`;
    case 1:
      return `<rect x="${round(x - 3.5)}" y="${round(y - 3.5)}" width="7" height="7" ${fill}/>`;
    default:
      return `<path d="M${round(x)} ${round(y - 4.5)} l4.5 8 h-9 z" ${fill}/>`;
  }
}

function colourOf(index: number): string {
  return colours[index % colours.length] ?? '#000000';
}

function strokeOf(index: number): string {
  const dash = dashes[index % dashes.length] ?? '';
  return `stroke="${colourOf(index)}" stroke-width="1.8" stroke-dasharray="${dash}"`;
}

function line(x1: number, y1: number, x2: number, y2: number, style: string): string {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" ${style}/>`;
}

function text(x: number, y: number, content: string, style = ''): string {
  return `<text x="${round(x)}" y="${round(y)}" ${style}>${escape(content)}</text>`;
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escape(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
