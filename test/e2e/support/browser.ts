import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the suite's browser is reached. */
    browser: string;
  }
}

/** The suite's browser. Closing it closes what this test file opened in it. */
export async function connectToBrowser(): Promise<Browser> {
  return chromium.connect(inject('browser'));
}
