/** Vitest's set-up of the end-to-end tests. */

import type { TestProject } from 'vitest/node';
import { startWorkbench } from '../../../scripts/workbench.mjs';

/** What a test file needs of the server. */
export interface SharedWorkbench {
  readonly origin: string;
  readonly token: string;
  readonly logFile: string;
  readonly dataDirectory: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    workbench: SharedWorkbench;
  }
}

/** Starts the server before the first test file; vitest calls what it returns after the last. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { origin, token, logFile, dataDirectory, stop } = await startWorkbench();
  project.provide('workbench', { origin, token, logFile, dataDirectory });
  return stop;
}
