/**
 * One workbench for all end-to-end tests. Its server starts once; each test file shows a folder of
 * its own in a window of its own, with new settings and new storage. Storage of the browser belongs
 * to the window's context. Windows follow one another: what is in the server's folder is the last
 * one's.
 */

import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { inject } from 'vitest';
import { settingsFiles, startWorkbench, writeSettings } from '../../../scripts/workbench.mjs';
import type { SharedWorkbench } from './serve-workbench.ts';
import { until } from './until.ts';

/** How long an extension host has to end by itself once its window is gone. */
const endMs = 20_000;

/**
 * Makes the server's folder ready for the next window: nothing is left of those before.
 * @param settings of the user
 * @param machineSettings of machine scope
 */
async function enterWorkbench(
  settings: Readonly<Record<string, unknown>>,
  machineSettings: Readonly<Record<string, unknown>>,
): Promise<SharedWorkbench> {
  const workbench = inject('workbench');
  await hostsEnded(workbench);
  const { user, machine } = settingsFiles(workbench.dataDirectory);
  for (const file of [user, machine]) {
    await rm(path.dirname(file), { recursive: true, force: true, maxRetries: 5 });
  }
  await writeSettings(workbench.dataDirectory, { settings, machineSettings }, 'w');
  return workbench;
}

/** A workbench, and what ends it where it is one window's own. */
export type EnteredWorkbench = SharedWorkbench & { readonly stop?: () => Promise<void> };

/** What a window wants of its workbench. */
interface WorkbenchWishes {
  readonly extension?: string;
  readonly otherExtensions?: readonly string[];
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly machineSettings?: Readonly<Record<string, unknown>>;
}

/** The shared workbench; one of its own for a window with other extensions, which are the server's. */
export async function workbenchFor(wishes: WorkbenchWishes): Promise<EnteredWorkbench> {
  const { extension, otherExtensions, settings = {}, machineSettings = {} } = wishes;
  if (extension === undefined && otherExtensions === undefined) {
    return enterWorkbench(settings, machineSettings);
  }
  return startWorkbench({
    ...(extension === undefined ? {} : { extension }),
    ...(otherExtensions === undefined ? {} : { otherExtensions }),
    settings,
    machineSettings,
  });
}

/** Waits until the extension hosts of closed windows have ended; those that do not are ended. */
export async function hostsEnded(workbench: SharedWorkbench): Promise<void> {
  const ended = async (): Promise<true | null> =>
    (await runningHosts(workbench)).length === 0 || null;
  try {
    await until('the end of the extension host', ended, endMs);
  } catch {
    // A window that failed to close does not harm the next one.
    for (const pid of await runningHosts(workbench)) process.kill(pid, 'SIGKILL');
    await until('the end of a killed extension host', ended, endMs);
  }
}

/** The processes that run extensions, as the server says. */
async function runningHosts({ logFile }: SharedWorkbench): Promise<number[]> {
  const log = await readFile(logFile, 'utf8');
  const pids = (pattern: RegExp): number[] =>
    [...log.matchAll(pattern)].map((match) => Number(match[1]));
  const over = pids(/<(\d+)> Extension Host Process exited/gu);
  return pids(/<(\d+)> Launched Extension Host Process/gu).filter((pid) => !over.includes(pid));
}
