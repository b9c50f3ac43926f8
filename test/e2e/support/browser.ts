import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

/** No network, and nothing that needs a screen or the system's sandbox. */
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

/**
 * Starts this machine's browser without a window.
 * @throws if there is none
 */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = browserPaths.find(
    (candidate) => candidate !== undefined && existsSync(candidate),
  );
  if (executablePath === undefined) throw new Error('No chromium: install it or set CHROMIUM.');
  return chromium.launch({ executablePath, args: chromiumArguments });
}
