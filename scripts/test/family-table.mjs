import { readFile } from 'node:fs/promises';

/**
 * @typedef {{ ancestorTitles: string[], title: string, status: string }} Case
 * @typedef {{ name: string, assertionResults: Case[] }} File
 */

const marks = new Map([
  ['passed', '✓'],
  ['failed', '✗'],
]);

/**
 * Draws what of each family of models was tested: a row for each family, a column for each test of
 * `families.test.ts`. A test that did not run has no mark.
 * @param {string} report of vitest's JSON reporter
 * @returns {string} empty if the report has no such test
 */
export function familyTable(report) {
  /** @type {unknown} */
  const parsed = JSON.parse(report);
  const { testResults } = /** @type {{ testResults: File[] }} */ (parsed);
  const cases = testResults
    .filter(({ name }) => name.endsWith('families.test.ts'))
    .flatMap(({ assertionResults }) => assertionResults);
  const columns = [...new Set(cases.map(({ title }) => title))];
  /** @type {Map<string, Map<string, string>>} */
  const rows = new Map();
  for (const { ancestorTitles, title, status } of cases) {
    const family = ancestorTitles[0]?.split(' ').at(-1) ?? '';
    /** @type {Map<string, string>} */
    const row = rows.get(family) ?? new Map();
    rows.set(family, row.set(title, marks.get(status) ?? ''));
  }
  if (rows.size === 0) return '';
  const lines = [
    ['family', ...columns],
    ...Array.from(rows, ([family, row]) => [
      family,
      ...columns.map((column) => row.get(column) ?? ''),
    ]),
  ];
  const widths = ['family', ...columns].map((_, at) =>
    Math.max(...lines.map((line) => line[at]?.length ?? 0)),
  );
  return lines
    .map((line) =>
      line
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/**
 * Reads a report and draws its table.
 * @param {string} file
 * @returns {Promise<string>} empty if there is no readable report
 */
export async function readFamilyTable(file) {
  try {
    return familyTable(await readFile(file, 'utf8'));
  } catch {
    return '';
  }
}
