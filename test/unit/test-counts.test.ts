import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countJunit, countReport, countVitest } from '../../scripts/test/counts.mjs';

const vitestReport = (...files: { status: string; tests: string[] }[]) =>
  JSON.stringify({
    testResults: files.map(({ status, tests }) => ({
      status,
      assertionResults: tests.map((test) => ({ status: test })),
    })),
  });

describe('countVitest', () => {
  it('counts tests by outcome', () => {
    const report = vitestReport(
      { status: 'passed', tests: ['passed', 'passed', 'pending'] },
      { status: 'failed', tests: ['passed', 'failed'] },
    );
    expect(countVitest(report)).toEqual({ passed: 3, failed: 1, skipped: 1 });
  });

  it('counts a file that could not be run as a failure', () => {
    const report = vitestReport({ status: 'failed', tests: [] });
    expect(countVitest(report)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});

describe('countJunit', () => {
  it("counts ctest's report", () => {
    const report =
      '<?xml version="1.0"?><testsuite name="x" tests="9" failures="2" disabled="1" skipped="1">';
    expect(countJunit(report)).toEqual({ passed: 5, failed: 2, skipped: 2 });
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
