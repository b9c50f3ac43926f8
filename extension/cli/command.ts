/** What every command is made of. */

import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** One option, as `parseArgs` takes it and as `--help` shows it. */
export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  /** Whether it may be repeated. */
  readonly multiple?: boolean;
  /** What stands for its value in the help; none for a switch. */
  readonly value?: string;
  readonly help: string;
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** Values by option name; an option that was not given is missing. */
export interface ParsedArguments {
  readonly values: ReadonlyMap<string, string | boolean | readonly (string | boolean)[]>;
  readonly positionals: readonly string[];
}

export interface CommandContext {
  readonly terminal: Terminal;
  /** Fires at Ctrl+C. */
  readonly signal: AbortSignal;
}

export interface Command {
  readonly name: string;
  /** One line. */
  readonly summary: string;
  /** What follows the name in the usage line. */
  readonly usage: string;
  readonly options: OptionSpecs;
  /** Whether arguments without a name are taken. */
  readonly positionals?: boolean;
  /** @throws UsageError before anything is done; any other error is a failure. */
  run(parsed: ParsedArguments, context: CommandContext): Promise<void>;
}

/**
 * Reads a command's arguments.
 * @throws UsageError
 */
export function parseCommand(command: Command, argv: readonly string[]): ParsedArguments {
  const options: NonNullable<ParseArgsConfig['options']> = {
    help: { type: 'boolean', short: 'h' },
  };
  for (const [name, { type, multiple }] of Object.entries(command.options)) {
    options[name] = { type, multiple: multiple === true };
  }
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options,
      strict: true,
      allowPositionals: command.positionals === true,
    });
    const given = new Map<string, string | boolean | readonly (string | boolean)[]>();
    for (const [name, value] of Object.entries(values)) {
      if (value !== undefined) given.set(name, value);
    }
    return { values: given, positionals };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const [sentence = error.message] = error.message.split(/\. (?=To )/);
    throw new UsageError(`${sentence.replace(/\.$/, '')}.`);
  }
}

/** The text of `--help` for one command. */
export function commandHelp(command: Command): string {
  const rows = Object.entries(command.options).map(([name, option]): [string, string] => [
    `--${name}${option.value === undefined ? '' : ` ${option.value}`}`,
    option.help,
  ]);
  return [
    `Usage: loci ${command.name} ${command.usage}`,
    '',
    command.summary,
    '',
    'Options:',
    ...table([...rows, ['--help', 'Show this text.']]),
    '',
  ].join('\n');
}

/** Two columns, the second one wrapped under itself. */
export function table(rows: readonly (readonly [string, string])[]): string[] {
  const left = Math.max(...rows.map(([name]) => name.length)) + 4;
  const width = Math.max(24, 96 - left);
  return rows.flatMap(([name, text]) =>
    wrap(text, width).map((line, index) =>
      `${(index === 0 ? `  ${name}` : '').padEnd(left)}${line}`.trimEnd(),
    ),
  );
}

function wrap(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line === '') lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
