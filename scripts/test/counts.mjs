import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fromRoot } from '../support/paths.mjs';

/**
 * The test counts of a suite. `reason` says why tests were skipped, `failures` what failed and how.
 * @typedef {{ passed: number, failed: number, skipped: number, reason?: string, failures?: readonly string[] }} Counts
 */

/**
 * The part of vitest's JSON report that is used.
 * @typedef {{ status: string, fullName: string, failureMessages?: string[] }} VitestCase
 * @typedef {{ name: string, status: string, message?: string, assertionResults: VitestCase[] }} VitestFile
 */

/** A message's first lines say what was expected and where. */
const linesOfFailure = 12;

/**
 * @param {string} what
 * @param {string} [message]
 */
function failure(what, message = '') {
  // eslint-disable-next-line no-control-regex -- colours
  const lines = message.replace(/\x1b\[[\d;]*m/gu, '').split('\n', linesOfFailure);
  return [what, ...lines.filter((line) => line.trim() !== '')].join('\n    ');
}

/**
 * Counts a suite without separate tests: it passes or fails.
 * @param {boolean} holds
 * @returns {Counts}
 */
export function one(holds) {
  return { passed: holds ? 1 : 0, failed: holds ? 0 : 1, skipped: 0 };
}

/**
 * Adds up the counts of several parts.
 * @param {readonly Counts[]} parts
 * @returns {Counts}
 */
export function sum(parts) {
  const reasons = parts.flatMap(({ reason }) => (reason === undefined ? [] : [reason]));
  const failures = parts.flatMap((part) => part.failures ?? []);
  const total = (/** @type {'passed' | 'failed' | 'skipped'} */ key) =>
    parts.reduce((count, part) => count + part[key], 0);
  return {
    passed: total('passed'),
    failed: total('failed'),
    skipped: total('skipped'),
    ...(reasons.length === 0 ? {} : { reason: reasons.join('; ') }),
    ...(failures.length === 0 ? {} : { failures }),
  };
}

/**
 * Counts a suite that this machine cannot run. In CI this is a failure, because CI has all tools.
 * @param {string} reason
 * @returns {Counts}
 */
export function notRun(reason) {
  return process.env['CI'] === 'true'
    ? { passed: 0, failed: 1, skipped: 0, reason }
    : { passed: 0, failed: 0, skipped: 1, reason };
}

/**
 * Counts a runner's report; a run that failed without a failed test counts as one failure.
 * @param {number} exitCode
 * @param {string} file
 * @param {(text: string) => Counts} parse
 * @returns {Promise<Counts>}
 */
export async function countReport(exitCode, file, parse) {
  /** @type {Counts} */
  let counts;
  try {
    counts = parse(await readFile(file, 'utf8'));
  } catch {
    return { ...one(false), reason: `the runner left no readable report in ${file}` };
  }
  if (exitCode !== 0 && counts.failed === 0) return { ...counts, failed: 1 };
  if (counts.passed + counts.failed === 0) return { ...counts, failed: 1, reason: 'no test ran' };
  return counts;
}

/**
 * Counts a report of vitest's JSON reporter. A file that could not be run counts as one failure.
 * @param {string} text
 * @returns {Counts}
 */
export function countVitest(text) {
  /** @type {unknown} */
  const parsed = JSON.parse(text);
  const { testResults } = /** @type {{ testResults: VitestFile[] }} */ (parsed);
  const counts = { passed: 0, failed: 0, skipped: 0 };
  /** @type {string[]} */
  const failures = [];
  for (const { name, status, message, assertionResults } of testResults) {
    const file = path.relative(fromRoot(), name);
    for (const test of assertionResults) {
      if (test.status === 'passed') counts.passed += 1;
      else if (test.status === 'failed')
        failures.push(failure(`${file} > ${test.fullName}`, test.failureMessages?.[0]));
      else counts.skipped += 1;
    }
    const named = assertionResults.some((test) => test.status === 'failed');
    if (status === 'failed' && !named) failures.push(failure(file, message));
  }
  counts.failed = failures.length;
  return { ...counts, ...(failures.length === 0 ? {} : { failures }) };
}

/**
 * Counts the test cases in a JUnit report of ctest, in which each process's output ends with
 * doctest's summary. A process that crashed without a failed case counts as one failure.
 * @param {string} text
 * @returns {Counts}
 */
export function countJunit(text) {
  if (!text.includes('<testsuite')) throw new Error('The report has no suite.');
  const counts = { passed: 0, failed: 0, skipped: 0 };
  /** @type {string[]} */
  const failures = [];
  for (const [, name = '', status, output = ''] of text.matchAll(
    /<testcase\b[^>]*?\bname="([^"]*)"[^>]*\bstatus="(\w+)"[^>]*>(.*?)<\/testcase>/gsu,
  )) {
    const summaries = output.matchAll(/test cases: +\d+ \| +(\d+) passed \| +(\d+) failed/gu);
    const summary = [...summaries].at(-1);
    if (status === 'run' && summary === undefined) throw new Error('A process has no summary.');
    counts.passed += Number(summary?.[1] ?? 0);
    if (status === 'run') continue;
    counts.failed += Math.max(Number(summary?.[2] ?? 0), 1);
    failures.push(name);
  }
  return { ...counts, ...(failures.length === 0 ? {} : { failures }) };
}
