import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromRoot } from '../../scripts/support/paths.mjs';
import { countJunit, countReport, countVitest } from '../../scripts/test/counts.mjs';

const vitestReport = (...files: { status: string; tests: string[] }[]) =>
  JSON.stringify({
    testResults: files.map(({ status, tests }) => ({
      name: fromRoot('test', 'a.test.ts'),
      status,
      message: 'The file could not be loaded.',
      assertionResults: tests.map((test) => ({
        status: test,
        fullName: 'a list keeps its order',
        failureMessages:
          test === 'failed' ? ['\u001b[31mAssertionError\u001b[39m: 2\n\n  at a.ts:3'] : [],
      })),
    })),
  });

describe('countVitest', () => {
  it('counts tests by outcome', () => {
    const report = vitestReport(
      { status: 'passed', tests: ['passed', 'passed', 'pending'] },
      { status: 'failed', tests: ['passed', 'failed'] },
    );
    expect(countVitest(report)).toEqual({
      passed: 3,
      failed: 1,
      skipped: 1,
      failures: ['test/a.test.ts > a list keeps its order\n    AssertionError: 2\n      at a.ts:3'],
    });
  });

  it('counts a file that could not be run as a failure', () => {
    const report = vitestReport({ status: 'failed', tests: [] });
    expect(countVitest(report)).toEqual({
      passed: 0,
      failed: 1,
      skipped: 0,
      failures: ['test/a.test.ts\n    The file could not be loaded.'],
    });
  });
});

const process = (status: string, output: string): string =>
  `<testcase name="x" classname="x" time="1" status="${status}"><system-out>${output}</system-out></testcase>`;
const summary = (passed: number, failed: number): string =>
  `[doctest] test cases:  9 | ${String(passed)} passed | ${String(failed)} failed | 7 skipped\n`;
const junit = (...processes: string[]): string =>
  `<?xml version="1.0"?><testsuite name="x" tests="9">${processes.join('\n')}</testsuite>`;

describe('countJunit', () => {
  it('sums up the test cases of all processes', () => {
    const text = junit(
      process('run', summary(4, 0)),
      process('run', summary(0, 0)),
      process('fail', `a test prints: ${summary(3, 3)} ${summary(2, 2)}`),
    );
    expect(countJunit(text)).toEqual({ passed: 6, failed: 2, skipped: 0, failures: ['x'] });
  });

  it('counts a process that crashed, or failed behind its tests, as a failure', () => {
    const text = junit(process('fail', ''), process('fail', summary(2, 0)));
    expect(countJunit(text)).toEqual({ passed: 2, failed: 2, skipped: 0, failures: ['x', 'x'] });
  });

  it('takes no process at its word that does not sum up', () => {
    expect(() => countJunit(junit(process('run', 'good')))).toThrow('no summary');
    expect(() => countJunit('<?xml version="1.0"?>')).toThrow('no suite');
  });
});

describe('countReport', () => {
  let folder = '';
  let file = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loci-counts-'));
    file = join(folder, 'report.json');
    await writeFile(file, vitestReport({ status: 'passed', tests: ['passed'] }));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('believes a report of a run that ended well', async () => {
    expect(await countReport(0, file, countVitest)).toEqual({ passed: 1, failed: 0, skipped: 0 });
  });

  it('counts a failed run as a failure even where every test passed', async () => {
    expect(await countReport(1, file, countVitest)).toMatchObject({ passed: 1, failed: 1 });
  });

  it.each(['missing.json', 'empty.json'])('counts %s as a failure', async (name) => {
    if (name === 'empty.json') await writeFile(join(folder, name), '');
    expect(await countReport(0, join(folder, name), countVitest)).toMatchObject({ failed: 1 });
  });

  it('counts a run without tests as a failure', async () => {
    const empty = join(folder, 'none.json');
    await writeFile(empty, vitestReport());
    expect(await countReport(0, empty, countVitest)).toMatchObject({ passed: 0, failed: 1 });
  });
});
