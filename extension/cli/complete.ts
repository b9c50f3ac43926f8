/** `loci complete`: an inline completion at a place in a file. */

import { readFile } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import type { Command, CommandContext, ParsedArguments } from './command.ts';
import { withRepository } from './opened.ts';
import { flag, integer, openOptions, openParameters, outputOptions, required } from './options.ts';
import { UsageError } from './usage-error.ts';

export const completeCommand: Command = {
  name: 'complete',
  summary: 'Read a repository and complete the code at a place in one of its files.',
  usage: '--repo DIR --file PATH --line N --column N [options]',
  options: {
    ...openOptions,
    file: { type: 'string', value: 'PATH', help: 'The file, relative to the first --repo.' },
    line: { type: 'string', value: 'N', help: 'The line of the cursor, from 1.' },
    column: { type: 'string', value: 'N', help: 'The column of the cursor, from 1.' },
    'max-tokens': { type: 'string', value: 'N', help: 'The longest completion; 64 by default.' },
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
  const { prefix, suffix } = splitAt(await readFile(file, 'utf8'), line, column);
  const path = relative(root, file).split(sep).join('/');
  await withRepository(parsed, context, opening, async (client, opened) => {
    const completion = await client.complete({ path, prefix, suffix, maxTokens }, signal);
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
 * The text on both sides of a cursor; a column beyond the line's end is its end.
 * @throws UsageError where the file has no such line.
 */
export function splitAt(
  content: string,
  line: number,
  column: number,
): { readonly prefix: string; readonly suffix: string } {
  const lines = content.split('\n');
  const current = lines[line - 1];
  if (current === undefined) {
    throw new UsageError(
      `--line is ${String(line)}, but the file has ${String(lines.length)} lines.`,
    );
  }
  const before = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
  const offset = before + Math.min(column - 1, current.replace(/\r$/, '').length);
  return { prefix: content.slice(0, offset), suffix: content.slice(offset) };
}
