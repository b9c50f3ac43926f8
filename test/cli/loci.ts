/** Runs the bundled command line like a user's shell. */
import { spawn } from 'node:child_process';
import type { ChildProcess, ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** The command line, as `node` runs it. */
export const program = fileURLToPath(new URL('../../dist/cli.mjs', import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type OnText = (text: string, child: ChildProcess) => void;

export interface LociOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Whether it leads its own process group, as in a shell with job control. */
  readonly detached?: boolean;
  /** Receives its stdout, to react to it. */
  readonly onOutput?: OnText;
}

/**
 * Runs `loci` with these arguments to its end.
 * @param onErrorOutput receives its stderr, to react to it.
 */
export function loci(
  argv: readonly string[],
  onErrorOutput?: OnText,
  { env = {}, detached = false, onOutput }: LociOptions = {},
): Promise<Outcome> {
  const child = spawn(process.execPath, [program, ...argv], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    detached,
  });
  return outcomeOf(child, onOutput, onErrorOutput);
}

/** Runs a line of bash in which `loci` is the command line, to its end. */
export function shell(line: string): Promise<Outcome> {
  const child = spawn(
    'bash',
    ['-c', `loci() { "${process.execPath}" "${program}" "$@"; }; ${line}`],
    { env: { LOCI_THREADS: '1', ...process.env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  return outcomeOf(child);
}

function outcomeOf(
  child: ChildProcessByStdio<null, Readable, Readable>,
  onOutput?: OnText,
  onErrorOutput?: OnText,
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      onOutput?.(text, child);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      onErrorOutput?.(text, child);
    });
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
}
