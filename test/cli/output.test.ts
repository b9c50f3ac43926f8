import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('../../dist/cli.mjs', import.meta.url));

/** Runs a shell line in which `loci` is the command line. */
function shell(line: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      'bash',
      ['-c', `loci() { "${process.execPath}" "${program}" "$@"; }; ${line}`],
      {
        env: { LOCI_THREADS: '1', ...process.env },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
}

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
