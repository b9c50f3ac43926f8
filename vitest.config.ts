import { defineConfig } from 'vitest/config';
import { fromRoot } from './scripts/support/paths.mjs';
import { fullRun } from './test/tools/full-run.ts';

/** Suites that load the engine or a browser: time to start and compute on a machine that is busy. */
const heavy = { pool: 'forks', hookTimeout: 300_000 } as const;

/**
 * Only in a full run (`npm run test:full`): what takes long and is a case of what other files try.
 * A file that is named runs always.
 */
const long = [
  'test/integration/follow-sequences.test.ts',
  'test/integration/kept-kill.test.ts',
  'test/integration/memory-runs-out.test.ts',
  'test/integration/model-damage.test.ts',
  'test/integration/question-aware.test.ts',
  'test/integration/resize-kill.test.ts',
  'test/integration/storage.test.ts',
].filter((file) => !fullRun && !process.argv.some((word) => file.includes(word)));

/** Each needs a process of its own: the libraries log to the first loader of a process. */
const alone = ['test/integration/log.test.ts'];

/** All files of the suite use one browser, one file after the other. */
const oneBrowser = {
  globalSetup: ['test/e2e/support/serve-browser.ts'],
  poolOptions: { forks: { singleFork: true } },
};

/** Loading the modules anew for each file takes as long as many a file's tests: `isolate: false`. */
export default defineConfig({
  test: {
    projects: [
      {
        // Only the editor has this module.
        resolve: { alias: { vscode: fromRoot('test', 'fixtures', 'vscode.ts') } },
        test: {
          name: 'unit',
          isolate: false,
          include: [
            '{extension,webview}/**/*.test.ts',
            'test/{unit,tools,quality,performance,fixtures}/**/*.test.ts',
          ],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          ...heavy,
          name: 'integration',
          isolate: false,
          include: ['test/integration/**/*.test.ts'],
          exclude: [...alone, ...long],
          testTimeout: 300_000,
        },
      },
      {
        test: {
          ...heavy,
          name: 'integration-alone',
          include: alone,
          testTimeout: 300_000,
        },
      },
      {
        test: {
          ...heavy,
          name: 'cli',
          include: ['test/cli/**/*.test.ts'],
          testTimeout: 300_000,
        },
      },
      {
        test: {
          ...heavy,
          name: 'page',
          ...oneBrowser,
          include: ['test/page/**/*.test.ts'],
          testTimeout: 300_000,
        },
      },
      {
        test: {
          ...heavy,
          name: 'e2e',
          ...oneBrowser,
          globalSetup: [...oneBrowser.globalSetup, 'test/e2e/support/serve-workbench.ts'],
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 600_000,
        },
      },
    ],
  },
});
