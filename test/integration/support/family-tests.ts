/** The native tests of a model of any family, run once for each model. */

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { libraryCandidates } from '../../../extension/models/libraries.ts';
import { nativeBuildDirectory } from '../../../scripts/support/paths.mjs';

type Outcomes = ReadonlyMap<string, 'passed' | 'failed'>;

const run = new Map<string, Promise<Outcomes>>();

/** Runs the cases of native-kernels/test/family_test.cpp with a model; returns them by name. */
export function familyTests(model: string): Promise<Outcomes> {
  const before = run.get(model) ?? runTests(model);
  run.set(model, before);
  return before;
}

async function runTests(model: string): Promise<Outcomes> {
  const [candidate] = await libraryCandidates('cpu');
  if (candidate?.available !== true) throw new Error('There are no libraries for the CPU.');
  const report = `${model}.junit.xml`;
  const env = {
    ...process.env,
    LOCI_TEST_LIBRARIES: candidate.directory,
    LOCI_TEST_FAMILY: model,
    // Threads would wait for each other by spinning.
    LOCI_THREADS: '1',
  };
  const program = join(nativeBuildDirectory, 'loci_tests');
  const options = ['--test-suite=family', '--reporters=junit', `--out=${report}`];
  const failure = await new Promise<Error | null>((resolve) => {
    execFile(program, options, { env }, resolve);
  });
  const outcomes = parse(await readFile(report, 'utf8').catch(() => ''));
  const failed = [...outcomes.values()].includes('failed');
  // A process that crashed has no cases, or none that failed.
  if (failure !== null && !failed) throw failure;
  return outcomes;
}

/** Reads a report of doctest: a case that passed has no content. */
function parse(report: string): Outcomes {
  const cases = report.matchAll(/<testcase [^>]*?\bname="(?<name>[^"]*)"[^>]*?(?<end>\/?)>/gu);
  return new Map(
    Array.from(cases, ({ groups }) => [
      groups?.['name'] ?? '',
      groups?.['end'] === '/' ? 'passed' : 'failed',
    ]),
  );
}
