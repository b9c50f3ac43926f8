import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { program, shell } from './loci.ts';
import type { Outcome } from './loci.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loci-output-'));
  await writeFile(join(folder, 'limits.py'), 'LIMIT = 42\n\n\ndef half(x):\n    return x / 2\n');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.skipIf(process.platform === 'win32')('output that cannot be written', () => {
  it('ends quietly where its reader has gone', async () => {
    const gone = 'loci ask --help | true; echo "${PIPESTATUS[0]}"';
    expect(await shell(gone)).toEqual({ code: 0, stdout: '0\n', stderr: '' });
  });

  it.runIf(process.platform === 'linux')('is told on a full disk, with exit code 1', async () => {
    const { code, stderr } = await shell('loci ask --help > /dev/full');
    expect(stderr).toBe('The output could not be written: no space is left on the disk.\n');
    expect(code).toBe(1);
  });

  it('does not need stderr', async () => {
    const full = process.platform === 'linux' ? '/dev/full' : '/dev/null';
    expect((await shell(`loci dance 2> ${full}`)).code).toBe(2);
    expect((await shell('loci dance 2>&-')).code).toBe(2);
    const { code, stdout } = await shell('loci ask --help 2>&-');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Usage: loci ask/);
  });

  it('is whole through a slow pipe', async () => {
    const { stdout } = await shell('loci quality --help | (sleep 1; cat)');
    expect(stdout).toContain('--help');
    expect(stdout.endsWith('\n')).toBe(true);
  });
});

describe.skipIf(process.platform === 'win32')('an answer whose reader goes', () => {
  it('ends quietly, long before the last question', async () => {
    const questions = '$(for i in $(seq 200); do echo --question Describe; done)';
    const { stdout, stderr } = await shell(
      `loci ask --repo ${folder} --gpu cpu --always-answer --temperature 3 ${questions} | head -n 1; echo "\${PIPESTATUS[0]}"`,
    );
    expect(stdout).toBe('> Describe\n0\n');
    expect(stderr).not.toMatch(/EPIPE|Cancelled|failed|\n\s+at /u);
  });
});

/** Returns the output to a terminal with this many columns, made by `script`. */
const onTerminal = (columns: number, environment = ''): Promise<Outcome> => {
  const command = `stty cols ${String(columns)}; ${environment} "${process.execPath}" "${program}" ask --repo "${folder}" --gpu cpu --question "What is this?"`;
  return shell(`script -qec ${JSON.stringify(command)} /dev/null < /dev/null`);
};

describe.runIf(process.platform === 'linux')('progress', () => {
  it.each([20, 40, 80])('is one line that fits a terminal of %d columns', async (columns) => {
    const { code, stdout } = await onTerminal(columns);
    expect(code).toBe(0);
    const lines = stdout.split('\r\u001b[K').slice(1, -1);
    expect(lines.some((line) => line.startsWith('Reading: '))).toBe(true);
    for (const line of lines) {
      expect(line.length).toBeLessThan(columns);
      expect(line).not.toMatch(/[,\n]$/u);
    }
    // Later output first removes the line.
    expect(lines.at(-1)).toMatch(/^Reading: /u);
  });

  it('is not redrawn on a terminal that cannot', async () => {
    const { stdout } = await onTerminal(80, 'TERM=dumb');
    expect(stdout).toContain('Reading: ');
    expect(stdout).not.toContain('\u001b');
  });

  it('is a line now and then where there is no terminal', async () => {
    const { stderr } = await shell(
      `loci ask --repo ${folder} --gpu cpu --question "What is this?"`,
    );
    expect(stderr).toContain('Reading: ');
    expect(stderr).not.toContain('\r');
    expect(stderr).not.toContain('\u001b');
  });
});
