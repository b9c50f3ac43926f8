/** Files that a command writes in addition to its output. */

import { constants } from 'node:fs';
import { access, open, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { isMissing } from '../repository/disk/file-system-error.ts';
import { fileReason } from '../protocol/file-problem.ts';
import { plainLine } from '../protocol/plain-text.ts';
import type { Command, ParsedArguments } from './command.ts';
import { UsageError } from './usage-error.ts';

/** An additional file could not be written. The output is complete; the exit code is 1. */
export class OutputFileError extends Error {
  override readonly name = 'OutputFileError';
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'EIO';
}

/**
 * Checks that all files that a command will write are writable, so that minutes of work are not
 * lost at the end. Keeps the content of existing files and leaves no new ones.
 * @throws UsageError
 */
export async function requireOutputFiles(command: Command, parsed: ParsedArguments): Promise<void> {
  for (const [option, { output }] of Object.entries(command.options)) {
    const file = parsed.values.get(option);
    if (output === true && typeof file === 'string') await requireWritable(option, file);
  }
}

async function requireWritable(option: string, file: string): Promise<void> {
  const refuse = (reason: string): UsageError =>
    new UsageError(`--${option} cannot be written to ${plainLine(file)}: ${reason}.`);
  if (file === '') throw new UsageError(`--${option} is empty. Name a file.`);
  if (file.endsWith('/') || file.endsWith(sep)) throw refuse(fileReason('EISDIR'));
  const path = resolve(file);
  try {
    const stats = await stat(path);
    // Opening a pipe would wait for its reader.
    if (stats.isFIFO()) await access(path, constants.W_OK);
    else await (await open(path, 'a')).close();
  } catch (error) {
    if (!isMissing(error)) throw refuse(fileReason(codeOf(error)));
    await requireFolder(dirname(path), refuse);
    await tryNewFile(path).catch((reason: unknown) => {
      throw refuse(isMissing(reason) ? 'no file can be created there' : fileReason(codeOf(reason)));
    });
  }
}

/** Creates and removes a file: permissions do not show on every disk whether this is possible. */
async function tryNewFile(path: string): Promise<void> {
  await (await open(path, 'a')).close();
  // For a dangling link, remove the new target and keep the link.
  await rm(await realpath(path));
}

async function requireFolder(
  folder: string,
  refuse: (reason: string) => UsageError,
): Promise<void> {
  const named = `${plainLine(folder)} is not a writable folder`;
  try {
    if (!(await stat(folder)).isDirectory()) throw refuse(named);
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw error instanceof UsageError ? error : refuse(named);
  }
}

/**
 * Writes an additional file of a command.
 * @throws OutputFileError
 */
export async function writeOutputFile(option: string, file: string, text: string): Promise<void> {
  try {
    await writeFile(resolve(file), text);
  } catch (error) {
    throw new OutputFileError(
      `--${option} could not be written to ${plainLine(file)}: ${fileReason(codeOf(error))}.`,
      { cause: error },
    );
  }
}
