/** Vitest's set-up of the suites that need a browser. */

import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';

/** No network, and nothing that needs a screen or a sandbox of the system's. */
const chromiumArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const browserPaths = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** A view asks for nothing of any machine; if it does, it gets nothing. */
const thisMachineAlone = '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1';

/**
 * Starts the browser of this machine, without a window: one for all test files of a suite. Vitest
 * calls this before the first and what it returns after the last.
 * @throws where there is none
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const executablePath = browserPaths.find(
    (candidate) => candidate !== undefined && existsSync(candidate),
  );
  if (executablePath === undefined) throw new Error('No chromium: install it or set CHROMIUM.');
  const args = [...chromiumArguments, ...(project.name === 'page' ? [thisMachineAlone] : [])];
  const server = await chromium.launchServer({ executablePath, args });
  project.provide('browser', server.wsEndpoint());
  return () => server.close();
}
