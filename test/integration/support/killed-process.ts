/** Processes that are killed in the middle of their work on a folder of values. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { folderOf } from './folders.ts';

/** A repository of one file with this many constants. */
export async function folderOfValues(count: number): Promise<string> {
  const line = (_: unknown, at: number): string =>
    `export const value${String(at)} = ${String(at)};\n`;
  return folderOf({ 'values.ts': Array.from({ length: count }, line).join('') });
}

/**
 * Starts a program of this folder and kills it so many milliseconds after the first line that it
 * prints.
 */
export async function killedAfter(
  milliseconds: number,
  program: string,
  args: readonly string[],
): Promise<void> {
  const path = fileURLToPath(new URL(program, import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', path, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(createInterface({ input: child.stdout }), 'line');
  await sleep(milliseconds);
  child.kill('SIGKILL');
  await once(child, 'exit');
}
