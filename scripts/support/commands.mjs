import { spawn } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from './failure.mjs';
import { outputSink } from './output.mjs';
import { root } from './paths.mjs';

/** The characters shown of a failed command's output: its end explains the failure. */
const shownCharacters = 6000;

/**
 * Runs a command to its end and returns its standard output.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, failure: string }} options `failure` is the
 *   sentence for the user if the command cannot run or exits with a code other than 0
 * @returns {Promise<string>}
 * @throws {Failure} with the end of what the command printed
 */
export function run(command, args, { cwd = root, env = process.env, failure }) {
  return new Promise((resolve, reject) => {
    // On Windows, npm is a batch file, which needs a shell; no argument here contains a space.
    const shell = process.platform === 'win32' && command === 'npm';
    const child = spawn(command, args, { cwd, env, shell, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let both = '';
    child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      output += text;
      both = (both + text).slice(-shownCharacters);
    });
    child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      both = (both + text).slice(-shownCharacters);
    });
    child.on('error', (error) => {
      reject(new Failure(failure, error.message));
    });
    child.on('close', (code, signal) => {
      if (code === 0) resolve(output);
      else
        reject(
          new Failure(
            failure,
            both === '' ? `${command}: ${signal ?? `exit code ${String(code)}`}` : both,
          ),
        );
    });
  });
}

/**
 * Runs a command and returns all its output, whatever its exit code.
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {Promise<{ exitCode: number, output: string }>}
 */
export function capture(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
        output += text;
      });
    }
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ exitCode: code ?? 128, output });
    });
  });
}

/**
 * Runs a command with visible output: live, or collected for the whole action (`inOnePiece`).
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>} its exit code; 127 if it could not be started, 128 after a signal
 */
export function runVisibly(command, args, { env = process.env } = {}) {
  return new Promise((resolve) => {
    const sink = outputSink();
    const shown = sink === undefined ? 'inherit' : 'pipe';
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', shown, shown] });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
        sink?.(text);
      });
    }
    child.on('error', (error) => {
      show(`${command}: ${error.message}\n`);
      resolve(127);
    });
    child.on('close', (code) => {
      resolve(code ?? 128);
    });
  });
}

/**
 * Shows a text like the output of a command.
 * @param {string} text
 */
export function show(text) {
  const sink = outputSink();
  if (sink === undefined) process.stderr.write(text);
  else sink(text);
}

/**
 * Finds the full path of a program on PATH (or of a given path), or null.
 * @param {string} name
 * @returns {Promise<string | null>}
 */
export async function findProgram(name) {
  const folders = name.includes(path.sep)
    ? ['']
    : (process.env['PATH'] ?? '').split(path.delimiter);
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', '.bat', ''] : [''];
  for (const folder of folders) {
    for (const ending of endings) {
      const candidate = path.join(folder, name + ending);
      if (await isExecutable(candidate)) return candidate;
    }
  }
  return null;
}

/** @param {string} file */
async function isExecutable(file) {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
