/** Files that a command writes besides its output. */

import { constants } from 'node:fs';
import { access, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { isMissing } from '../repository/disk/file-system-error.ts';
import { fileReason } from '../protocol/file-problem.ts';
import { plainLine } from '../protocol/plain-text.ts';
import { UsageError } from './usage-error.ts';

/** A file beside the output could not be written: the output is whole, the exit code is 1. */
export class OutputFileError extends Error {
  override readonly name = 'OutputFileError';
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'EIO';
}

/**
 * Minutes of work are not to end with a file that cannot be written.
 * @throws UsageError where that can be told beforehand
 */
export async function requireWritable(option: string, file: string): Promise<void> {
  const refuse = (reason: string): UsageError =>
    new UsageError(`--${option} cannot be written to ${plainLine(file)}: ${reason}.`);
  if (file === '') throw new UsageError(`--${option} is empty. Name a file.`);
  const path = resolve(file);
  try {
    if ((await stat(path)).isDirectory()) throw refuse(fileReason('EISDIR'));
    await access(path, constants.W_OK);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (!isMissing(error)) throw refuse(fileReason(codeOf(error)));
    await requireFolder(dirname(path), refuse);
  }
}

async function requireFolder(
  folder: string,
  refuse: (reason: string) => UsageError,
): Promise<void> {
  const named = `${plainLine(folder)} is not a folder to write in`;
  try {
    if (!(await stat(folder)).isDirectory()) throw refuse(named);
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw error instanceof UsageError ? error : refuse(named);
  }
}

/**
 * Writes a file that a command was asked for besides its output.
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
