import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { getPriority, platform } from 'node:os';
import { afterAll, describe, expect, it } from 'vitest';
import { lowerPriority } from './priority.ts';

const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
});

/** Starts a process with threads of every kind: JavaScript's, and those that read files. */
async function start(priority: (pid: number) => void): Promise<number> {
  const body = `require('node:fs').stat(process.execPath, () => process.send('read'))`;
  const child = fork('-e', [body], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  started.push(child);
  const { pid } = child;
  if (pid === undefined) throw new Error('The process did not start.');
  priority(pid);
  await new Promise((resolve) => child.once('message', resolve));
  return pid;
}

/** Returns the niceness of every thread (proc(5), `stat`, field 19). */
function nicenessOf(pid: number): number[] {
  const threads = readdirSync(`/proc/${String(pid)}/task`);
  return threads.map((thread) => {
    const stat = readFileSync(`/proc/${String(pid)}/task/${thread}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
  });
}

describe.runIf(platform() === 'linux')('the priority of the engine', () => {
  it('is one step below that of the editor, in all of its threads', async () => {
    const niceness = nicenessOf(await start(lowerPriority));
    expect(niceness.length).toBeGreaterThan(5);
    expect(new Set(niceness)).toEqual(new Set([Math.min(19, getPriority() + 1)]));
  });

  it('stays as it is where the process has ended', () => {
    expect(() => {
      lowerPriority(2 ** 22 + 1);
    }).not.toThrow();
  });
});
