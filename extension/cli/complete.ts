/** `loci complete`: makes an inline completion at a place in a file. */

import { readFile } from 'node:fs/promises';
import { basename, relative, resolve, sep } from 'node:path';
import { statedFor } from '../protocol/encodings.ts';
import { fileReason } from '../protocol/file-problem.ts';
import { plainLine } from '../protocol/plain-text.ts';
import { fileSystemErrorCode } from '../repository/disk/file-system-error.ts';
import { decodeText, detectEncoding } from '../repository/files/text-encoding.ts';
import type { Command, CommandContext, ParsedArguments } from './command.ts';
import { withRepository } from './opened.ts';
import { flag, integer, openOptions, openParameters, outputOptions, required } from './options.ts';
import { UsageError } from './usage-error.ts';
import { completeRequest } from '../protocol/requests/complete.ts';

export const completeCommand: Command = {
  name: 'complete',
  summary: 'Read a repository and complete the code at a position in one of its files.',
  usage: '--repo DIR --file PATH --line N --column N [options]',
  options: {
    ...openOptions,
    file: { type: 'string', value: 'PATH', help: 'The file, relative to the first --repo.' },
    line: { type: 'string', value: 'N', help: 'The line of the cursor, from 1.' },
    column: {
      type: 'string',
      value: 'N',
      help: 'The column of the cursor, from 1; a tab counts as one, as in the editor.',
    },
    'max-tokens': {
      type: 'string',
      value: 'N',
      help: 'The maximum length of the completion, in tokens; 64 by default.',
    },
    ...outputOptions,
  },
  run,
};

async function run(parsed: ParsedArguments, context: CommandContext): Promise<void> {
  const { terminal, signal } = context;
  const opening = openParameters(parsed);
  const [root = '.'] = opening.roots;
  const file = resolve(root, required(parsed, 'file'));
  required(parsed, 'line');
  required(parsed, 'column');
  const line = integer(parsed, 'line', 1, 1);
  const column = integer(parsed, 'column', 1, 1);
  const maxTokens = integer(parsed, 'max-tokens', 64, 1);
  const stated = statedFor(opening.encodings ?? [], basename(file));
  const { prefix, suffix } = splitAt(await readCode(file, stated), line, column);
  const path = relative(root, file).split(sep).join('/');
  await withRepository(parsed, context, opening, async (client, opened) => {
    const completion = await client.request(
      completeRequest,
      { path, prefix, suffix, maxTokens },
      signal,
    );
    if (flag(parsed, 'json')) {
      const { model, gpu, policy, budget, repository, memory } = opened;
      terminal.json({
        model,
        gpu,
        policy,
        budget,
        repository,
        memory,
        path,
        line,
        column,
        completion,
      });
    } else {
      terminal.out(`${completion.text}\n`);
    }
  });
}

/**
 * Reads a file as in a repository, with any line ends, byte order mark and encoding.
 * @param stated its encoding if it is not UTF-8
 * @throws UsageError if it cannot be read as text.
 */
async function readCode(file: string, stated: string | null): Promise<string> {
  const bytes = await readFile(file).catch((error: unknown) => {
    const reason = fileReason(fileSystemErrorCode(error) ?? 'EIO');
    throw new UsageError(`--file ${plainLine(file)} cannot be read: ${reason}.`);
  });
  const encoding = detectEncoding(bytes, stated);
  if (encoding === null) throw new UsageError(`--file ${plainLine(file)} is not text.`);
  return decodeText(bytes, encoding);
}

/**
 * Splits a text at a cursor.
 * @param content lines end with `\n`.
 * @param column in UTF-16 units, as in the editor; inside a character, its start is used.
 * @throws UsageError if the file has no such line or the line has no such column.
 */
export function splitAt(
  content: string,
  line: number,
  column: number,
): { readonly prefix: string; readonly suffix: string } {
  const lines = content.split('\n');
  const current = lines[line - 1];
  if (current === undefined) {
    throw new UsageError(`--line is ${String(line)}, but the file has ${count(lines, 'line')}.`);
  }
  const columns = current.length + 1;
  if (column > columns) {
    throw new UsageError(
      `--column is ${String(column)}, but line ${String(line)} has columns 1 to ${String(columns)}.`,
    );
  }
  const before = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
  const within = /^[\ud800-\udbff][\udc00-\udfff]/.test(current.slice(Math.max(0, column - 2)));
  const offset = before + column - 1 - (within && column > 1 ? 1 : 0);
  return { prefix: content.slice(0, offset), suffix: content.slice(offset) };
}

function count(lines: readonly string[], noun: string): string {
  return `${String(lines.length)} ${noun}${lines.length === 1 ? '' : 's'}`;
}
