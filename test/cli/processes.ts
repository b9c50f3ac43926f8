/** The processes of a command line, as the system sees them. */
import { execFileSync } from 'node:child_process';
import { expect } from 'vitest';

/** The engine of a command line; NaN where it has none. */
export function engineOf({ pid }: { readonly pid?: number | null | undefined }): number {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).split('\n');
  const found = rows.map((row) => row.trim().split(/\s+/u)).find(([, of]) => of === String(pid));
  return Number(found?.[0]);
}

/** A process has ended, or does in a moment; one without a parent that waits stays as a zombie. */
export async function expectEnded(pid: number): Promise<void> {
  const state = (): string => {
    try {
      return execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    } catch {
      return '';
    }
  };
  expect(pid).toBeGreaterThan(0);
  await expect.poll(state, { timeout: 2_000 }).toMatch(/^(?:Z.*)?$/u);
}
