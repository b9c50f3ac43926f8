/**
 * Draws a line chart as SVG text. It is pure, so that the command line and the views draw the same.
 * Colours are attributes for viewers without style sheets; {@link chartStyle} uses the theme's.
 */

interface ChartPoint {
  /** In percent, above 0. */
  readonly x: number;
  readonly y: number;
  /** The range of an error bar, or null. */
  readonly range: readonly [low: number, high: number] | null;
}

interface ChartSeries {
  readonly name: string;
  readonly points: readonly ChartPoint[];
}

export interface Chart {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** The upper end of the axis, and the distance between its marks. */
  readonly yMost: number;
  readonly yStep: number;
  readonly series: readonly ChartSeries[];
  /** Levels that do not depend on x. */
  readonly levels: readonly { readonly name: string; readonly y: number }[];
}

const width = 640;
const plotHeight = 260;
const left = 62;
const right = 24;
const rowHeight = 20;
/** The approximate width of the font's widest letter at 12 pixels: no text is underestimated. */
const letter = 7.2;
const longestText = 70;

/** Series differ in colour, marker and dashes; each alone tells them apart. */
const styles = [
  { colour: '#0b62b8', variable: '--vscode-charts-blue', dashes: '' },
  // Not charts.orange: themes make it translucent.
  { colour: '#b35900', variable: '--vscode-charts-yellow', dashes: '7 3' },
  { colour: '#2d7a31', variable: '--vscode-charts-green', dashes: '2 3' },
  { colour: '#7b3fa0', variable: '--vscode-charts-purple', dashes: '9 3 2 3' },
  { colour: '#b3261e', variable: '--vscode-charts-red', dashes: '4 4' },
] as const;
const ink = '#3b3b3b';
const faint = '#c4c4c4';

/** The theme's colours if the page defines them; else light or dark. */
export const chartStyle = [
  ':root{--loci-chart-ink:#3b3b3b;--loci-chart-faint:#c4c4c4}',
  '@media (prefers-color-scheme:dark){svg.loci-chart.alone{background:#1f1f1f;--loci-chart-ink:#cccccc;--loci-chart-faint:#4a4a4a}}',
  '.loci-chart text{fill:var(--vscode-foreground,var(--loci-chart-ink))}',
  '.loci-chart .axis{stroke:var(--vscode-foreground,var(--loci-chart-ink))}',
  '.loci-chart .grid{stroke:var(--vscode-widget-border,var(--vscode-contrastBorder,var(--loci-chart-faint)));stroke-opacity:.6}',
  '.loci-chart .level{stroke:var(--vscode-descriptionForeground,var(--loci-chart-ink))}',
  ...styles.map(
    ({ colour, variable }, index) =>
      `.loci-chart .s${String(index)}{stroke:var(${variable},${colour})}` +
      `.loci-chart .m${String(index)}{fill:var(${variable},${colour})}`,
  ),
].join('\n');

/**
 * Draws a chart with a logarithmic x axis that has its marks at the points.
 * @param alone whether it is a file of its own, with its own style and background.
 * @returns an `svg` element; all its texts are escaped
 */
export function drawChart(chart: Chart, { alone }: { readonly alone: boolean }): string {
  const legend = layOutLegend(chart);
  const top = 34 + legend.rows * rowHeight + 8;
  const height = top + plotHeight + 52;
  const scale = scaleOf(chart, top);
  const parts = [
    `<title>${escapeText(chart.title)}</title>`,
    alone ? `<style>${chartStyle}</style>` : '',
    textAt(left, 20, chart.title, 'start', ' font-weight="600"'),
    ...legend.parts,
    ...axes(chart, scale, top),
    ...chart.levels.map(({ y }, index) =>
      line(left, scale.y(y), width - right, scale.y(y), 'level', ink, levelDashes(index)),
    ),
    ...chart.series.map((series, index) => drawSeries(series, index, chart.series.length, scale)),
  ];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" class="loci-chart${alone ? ' alone' : ''}" role="img" ` +
    `viewBox="0 0 ${String(width)} ${String(height)}" width="${String(width)}" height="${String(height)}" ` +
    `font-family="system-ui, sans-serif" font-size="12">${parts.join('\n')}</svg>`
  );
}

/** Escapes a text for XML: no markup, no characters that XML forbids. */
export function escapeText(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/&/gu, '&amp;')
    .replace(/</gu, '&lt;')
    .replace(/>/gu, '&gt;')
    .replace(/"/gu, '&quot;')
    .replace(/'/gu, '&#39;');
}

interface Scale {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

function scaleOf(chart: Chart, top: number): Scale {
  const xs = chart.series.flatMap(({ points }) => points.map(({ x }) => Math.log(x)));
  const least = Math.min(...xs);
  const span = Math.max(...xs) - least;
  // Leaves room beside the first and the last point for error bars and markers.
  const inner = width - left - right - 80;
  return {
    x: (value) => left + 40 + (span === 0 ? 0.5 : (Math.log(value) - least) / span) * inner,
    y: (value) =>
      top + plotHeight * (1 - Math.min(1, Math.max(0, value / Math.max(chart.yMost, 1e-9)))),
  };
}

function axes(chart: Chart, scale: Scale, top: number): string[] {
  const bottom = top + plotHeight;
  const parts: string[] = [];
  for (let y = 0; y <= chart.yMost * 1.0001; y += chart.yStep) {
    parts.push(line(left, scale.y(y), width - right, scale.y(y), 'grid', faint, ''));
    parts.push(textAt(left - 8, scale.y(y) + 4, shortNumber(y), 'end'));
  }
  let last = -Infinity;
  for (const x of marks(chart)) {
    const label = `${shortNumber(x)}%`;
    const at = scale.x(x);
    parts.push(line(at, bottom, at, bottom + 5, 'axis', ink, ''));
    // Leave out a mark whose number would touch the one before it.
    if (at - (label.length * letter) / 2 < last + 6) continue;
    parts.push(textAt(at, bottom + 19, label, 'middle'));
    last = at + (label.length * letter) / 2;
  }
  const middle = top + plotHeight / 2;
  parts.push(
    line(left, bottom, width - right, bottom, 'axis', ink, ''),
    line(left, top, left, bottom, 'axis', ink, ''),
    textAt((left + width - right) / 2, bottom + 42, chart.xLabel, 'middle'),
    textAt(16, middle, chart.yLabel, 'middle', ` transform="rotate(-90 16 ${round(middle)})"`),
  );
  return parts;
}

/** The x values of the points, ascending. */
function marks(chart: Chart): number[] {
  const xs = chart.series.flatMap(({ points }) => points.map(({ x }) => x));
  return [...new Set(xs)].sort((a, b) => a - b);
}

function drawSeries(
  { points }: ChartSeries,
  index: number,
  count: number,
  { x, y }: Scale,
): string {
  const { colour, dashes } = styleOf(index);
  // Side by side, so that no error bar hides another.
  const shift = (index - (count - 1) / 2) * 7;
  const places = points.map((point) => ({ point, at: x(point.x) + shift }));
  const path = places
    .map(({ point, at }, i) => `${i === 0 ? 'M' : 'L'}${round(at)} ${round(y(point.y))}`)
    .join('');
  const bars = places.flatMap(({ point: { range }, at }) => {
    if (range === null) return [];
    const [low, high] = [y(range[0]), y(range[1])];
    return [
      line(at, low, at, high, className('s', index), colour, ''),
      line(at - 3, low, at + 3, low, className('s', index), colour, ''),
      line(at - 3, high, at + 3, high, className('s', index), colour, ''),
    ];
  });
  return [
    ...bars,
    `<path class="${className('s', index)}" d="${path}" fill="none" stroke="${colour}" stroke-width="2"${dashAttribute(dashes)}/>`,
    ...places.map(({ point, at }) => marker(index, at, y(point.y))),
  ].join('');
}

/** A circle, a square, a triangle, a diamond or a bar. */
function marker(index: number, x: number, y: number): string {
  const outlines = [
    [
      [-4, -2],
      [-2, -4],
      [2, -4],
      [4, -2],
      [4, 2],
      [2, 4],
      [-2, 4],
      [-4, 2],
    ],
    [
      [-4, -4],
      [4, -4],
      [4, 4],
      [-4, 4],
    ],
    [
      [0, -5],
      [5, 4],
      [-5, 4],
    ],
    [
      [0, -6],
      [6, 0],
      [0, 6],
      [-6, 0],
    ],
    [
      [-6, -2],
      [6, -2],
      [6, 2],
      [-6, 2],
    ],
  ] as const;
  const outline = outlines[index % outlines.length] ?? outlines[0];
  const points = outline.map(([dx, dy]) => `${round(x + dx)},${round(y + dy)}`).join(' ');
  return `<polygon class="${className('m', index)}" points="${points}" fill="${styleOf(index).colour}"/>`;
}

function layOutLegend(chart: Chart): { readonly rows: number; readonly parts: string[] } {
  const parts: string[] = [];
  let row = 0;
  let at = left;
  const names = [...chart.series, ...chart.levels].map(({ name }) => clip(name));
  for (const [index, name] of names.entries()) {
    const needed = 36 + name.length * letter + 16;
    if (at > left && at + needed > width - right) {
      row += 1;
      at = left;
    }
    const y = 34 + row * rowHeight + 6;
    const level = index - chart.series.length;
    if (level >= 0) {
      parts.push(line(at, y, at + 28, y, 'level', ink, levelDashes(level)));
    } else {
      const { colour, dashes } = styleOf(index);
      parts.push(line(at, y, at + 28, y, className('s', index), colour, dashes, 2));
      parts.push(marker(index, at + 14, y));
    }
    parts.push(textAt(at + 36, y + 4, name, 'start'));
    at += needed;
  }
  return { rows: row + 1, parts };
}

function line(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  name: string,
  colour: string,
  dashes: string,
  thickness = 1,
): string {
  return `<line class="${name}" x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${colour}" stroke-width="${String(thickness)}"${dashAttribute(dashes)}/>`;
}

function textAt(x: number, y: number, text: string, anchor: string, extra = ''): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" fill="${ink}"${extra}>${escapeText(clip(text))}</text>`;
}

function styleOf(index: number): (typeof styles)[number] {
  return styles[index % styles.length] ?? styles[0];
}

function className(kind: 's' | 'm', index: number): string {
  return `${kind}${String(index % styles.length)}`;
}

function levelDashes(index: number): string {
  return index === 0 ? '1 3' : '12 4';
}

function dashAttribute(dashes: string): string {
  return dashes === '' ? '' : ` stroke-dasharray="${dashes}"`;
}

function clip(text: string): string {
  const letters = Array.from(text);
  return letters.length <= longestText ? text : `${letters.slice(0, longestText - 1).join('')}…`;
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Rounds to at most one decimal. */
function shortNumber(value: number): string {
  return String(Math.round(value * 10) / 10);
}
