/**
 * `npm test`: set-up, then the suites that always run, and those for native code if it has changed.
 * `npm run test:full`: all suites. `npm test -- unit tidy`: the named ones. `npm test -- native --
 * NAME`: the native tests whose names contain NAME. Up to cores + 1 suites run at a time, because
 * each waits occasionally. A failure does not stop the others. The last line sums up all suites.
 * `--list` prints which suites would run, and runs none.
 */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import os from 'node:os';
import { setUp } from './setup.mjs';
import { printFailure, runMain } from './support/failure.mjs';
import { inOnePiece } from './support/output.mjs';
import { artifactsDirectory, fromRoot } from './support/paths.mjs';
import { chooseSuites, nativeCodeChanged } from './test/choose.mjs';
import { one, sum } from './test/counts.mjs';
import { runInLanes } from './test/lanes.mjs';
import { suites } from './test/suites.mjs';

/**
 * @typedef {import('./test/counts.mjs').Counts} Counts
 * @typedef {import('./test/suites.mjs').Suite} Suite
 * @typedef {{ name: string, counts: Counts, seconds: number }} Outcome
 */

/**
 * @param {readonly string[]} words
 * @param {string} mark
 * @returns {[string[], string[]]} the words before a mark and those after it
 */
function cutAt(words, mark) {
  const at = words.indexOf(mark);
  return at < 0 ? [[...words], []] : [words.slice(0, at), words.slice(at + 1)];
}

/** Of a suite without single tests, the end of its output. */
const linesOfFailure = 30;

/** @param {string} text */
function print(text) {
  process.stdout.write(`${text}\n`);
}

/**
 * Runs one suite. Beside others, its output is shown once it has ended.
 * @param {Pick<Suite, 'name' | 'title' | 'run'>} suite
 * @param {boolean} [besideOthers]
 * @returns {Promise<Outcome>}
 */
async function runSuite({ name, title, run }, besideOthers = false) {
  const heading = `\n━━ ${name}: ${title}\n`;
  const start = performance.now();
  let counts = one(false);
  const attempt = async () => {
    if (!besideOthers) process.stdout.write(heading);
    try {
      counts = await run();
    } catch (error) {
      printFailure(error);
    }
  };
  if (besideOthers) {
    print(`   ${name} begins`);
    await inOnePiece(attempt, (text) => {
      process.stdout.write(heading + text);
      if (counts.failed > 0 && counts.failures === undefined) {
        const end = text.trimEnd().split('\n').slice(-linesOfFailure).join('\n    ');
        counts = { ...counts, failures: [`${name}\n    ${end}`] };
      }
    });
  } else {
    await attempt();
  }
  const seconds = (performance.now() - start) / 1000;
  print(`   ${name}: ${describe(counts)} in ${seconds.toFixed(1)} s`);
  return { name, counts, seconds };
}

/** @param {Counts} counts */
function describe({ passed, failed, skipped, reason }) {
  const parts = [`${passed} passed`, `${failed} failed`];
  if (skipped > 0) parts.push(`${skipped} skipped`);
  return parts.join(', ') + (reason === undefined ? '' : ` (${reason})`);
}

/** @param {readonly Outcome[]} outcomes */
function summarize(outcomes) {
  print('\n━━ summary');
  for (const { name, counts, seconds } of outcomes) {
    const mark = counts.failed > 0 ? '✗' : '✓';
    print(`${mark} ${name.padEnd(12)} ${seconds.toFixed(1).padStart(7)} s  ${describe(counts)}`);
  }
  const { passed, failed, skipped, failures = [] } = sum(outcomes.map(({ counts }) => counts));
  // Their own output may be far above.
  for (const failure of failures) print(`\n✗ ${failure}`);
  print(`\n${describe({ passed, failed, skipped })}`);
  return failed;
}

await runMain(async () => {
  const [words, part] = cutAt(process.argv.slice(2), '--');
  if (part.length > 0) process.env['LOCI_TEST_CASE'] = part.join(' ');
  const full = words.includes('--full');
  const names = words.filter((word) => word !== '--full' && word !== '--list');
  const unknown = names.filter((name) => !suites.some((suite) => suite.name === name));
  if (unknown.length > 0) {
    const known = suites.map(({ name }) => name).join(', ');
    process.stderr.write(`loci: no suite is called ${unknown.join(', ')}; there are ${known}.\n`);
    return 2;
  }
  const choice = { names, full, nativeChanged: await nativeCodeChanged() };
  if (words.includes('--list')) {
    for (const { name, title } of chooseSuites(suites, choice))
      print(`${name.padEnd(12)} ${title}`);
    return 0;
  }
  // Some tests do more in a full run; they say how much.
  if (full) process.env['LOCI_TEST_FULL'] = '1';
  await mkdir(artifactsDirectory, { recursive: true });
  const ready = await runSuite({
    name: 'set-up',
    title: 'what the tests need',
    run: async () => {
      await setUp();
      return { passed: 0, failed: 0, skipped: 0 };
    },
  });
  const outcomes = [ready];
  // Suites that do not need the failed part still run.
  if (existsSync(fromRoot('node_modules', 'vitest'))) {
    const chosen = chooseSuites(suites, choice);
    const lanes = Math.min(chosen.length, os.availableParallelism() + 1);
    const results = runInLanes(chosen, lanes, (suite) => runSuite(suite, lanes > 1));
    outcomes.push(...(await results));
  }
  return summarize(outcomes) > 0 ? 1 : 0;
});
