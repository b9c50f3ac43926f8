/** Quality against budget: a sentence, curves, and a table with the same figures. */

import { chartStyle } from '../../extension/report/chart.ts';
import {
  describeQuestions,
  describeSufficient,
  qualityChart,
  qualityColumns,
  qualityRows,
  sufficiency,
} from '../../extension/report/quality-summary.ts';
import type { QualityMeasure } from '../../extension/report/quality-summary.ts';
import type { QualityReport } from '../../extension/protocol/quality-report.ts';
import { toQualitySchema } from '../../extension/protocol/webview.ts';
import { button, element, fill, icon } from '../common/dom.ts';
import type { Host } from '../common/host.ts';

const tableId = 'quality-table';

/** The view's elements, updated by its messages. */
export class Quality {
  readonly #host: Host;
  readonly #content = element('div', { class: 'quality-content', role: 'main' });

  /** Fills the page and requests the measurement. */
  constructor(host: Host, root: HTMLElement) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(chartStyle);
    document.adoptedStyleSheets.push(sheet);
    root.append(this.#content);
    this.#host = host;
    host.listen(toQualitySchema, ({ report }) => {
      this.#draw(report);
    });
    host.post({ type: 'loaded' });
  }

  /** Makes a button if the measurement shows a sufficient budget. */
  #useButton(report: QualityReport): HTMLElement[] {
    const found = sufficiency(report);
    if (found.kind !== 'enough') return [];
    const { budget } = found.cell;
    return [
      button('Use This Budget', 'primary', () => {
        this.#host.post({ type: 'use-budget', budget });
      }),
    ];
  }

  #draw(report: QualityReport): void {
    fill(
      this.#content,
      element('h1', {}, 'Quality against budget'),
      element('p', { class: 'quality-sufficient', role: 'status' }, describeSufficient(report)),
      ...this.#useButton(report),
      element('p', { class: 'detail' }, describeQuestions(report)),
      element(
        'div',
        { class: 'quality-charts' },
        chart(report, 'exact', 'Exact answers against budget'),
        chart(report, 'nats', 'Loss against budget'),
      ),
      table(report),
      ...report.notices.map((notice) =>
        element('p', { class: 'note' }, icon('info'), element('span', {}, notice)),
      ),
    );
  }
}

/** Draws the chart; the table gives its figures as text. */
function chart(report: QualityReport, measure: QualityMeasure, label: string): HTMLElement {
  const text = qualityChart(report, measure, { alone: false });
  const svg = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
  svg.setAttribute('aria-label', `${label}. The table shows the figures.`);
  svg.setAttribute('aria-describedby', tableId);
  const figure = element('figure', { class: `quality-chart quality-${measure}` });
  figure.append(document.importNode(svg, true));
  return figure;
}

function table(report: QualityReport): HTMLElement {
  const head = qualityColumns.map((name) => element('th', { attributes: { scope: 'col' } }, name));
  const rows = qualityRows(report).map(([policy = '', ...cells]) =>
    element(
      'tr',
      {},
      element('th', { attributes: { scope: 'row' } }, policy),
      ...cells.map((cell) => element('td', {}, cell)),
    ),
  );
  return element(
    'div',
    { class: 'quality-scroll', label: 'Figures', role: 'region', attributes: { tabindex: '0' } },
    element(
      'table',
      { attributes: { id: tableId } },
      element('caption', {}, 'Quality by policy and budget'),
      element('thead', {}, element('tr', {}, ...head)),
      element('tbody', {}, ...rows),
    ),
  );
}
