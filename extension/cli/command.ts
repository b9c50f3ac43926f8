/** The parts of every command. */

import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';
import { plainLine } from '../protocol/plain-text.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** An option, for `parseArgs` and `--help`. */
interface OptionSpec {
  readonly type: 'string' | 'boolean';
  /** Whether it may be repeated. */
  readonly multiple?: boolean;
  /** The placeholder of its value in the help; none for a switch. */
  readonly value?: string;
  /** Whether it names a file that the command writes; writing is tried before anything else. */
  readonly output?: boolean;
  readonly help: string;
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** Values by option name, without options that were not given. */
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
  /** The text after the name in the usage line. */
  readonly usage: string;
  readonly options: OptionSpecs;
  /** Whether positional arguments are accepted. */
  readonly positionals?: boolean;
  /** @throws UsageError before anything is done; any other error is a failure. */
  run(parsed: ParsedArguments, context: CommandContext): Promise<void>;
}

/**
 * Parses a command's arguments.
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
    const { values, positionals, tokens } = parseArgs({
      args: [...argv],
      options,
      strict: true,
      allowPositionals: command.positionals === true,
      tokens: true,
    });
    requireOnce(command, tokens);
    const given = new Map<string, string | boolean | readonly (string | boolean)[]>();
    for (const [name, value] of Object.entries(values)) {
      if (value !== undefined) given.set(name, value);
    }
    return { values: given, positionals };
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(misuse(command, error));
  }
}

/**
 * Refuses repeated options, because it is unclear which value is meant.
 * @throws UsageError
 */
function requireOnce(
  command: Command,
  tokens: readonly { readonly kind: string; readonly name?: string }[],
): void {
  const seen = new Set<string>();
  for (const { kind, name } of tokens) {
    if (kind !== 'option' || name === undefined) continue;
    const option = command.options[name];
    if (seen.has(name) && option?.type === 'string' && option.multiple !== true) {
      throw new UsageError(`--${name} is given twice. Give it once.`);
    }
    seen.add(name);
  }
}

/** Returns our own message for a code of `parseArgs`, in place of its message. */
function misuse(command: Command, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  const message = error instanceof Error ? error.message : '';
  const [, quoted = ''] = /'([^']*)'/u.exec(message) ?? [];
  const named = plainLine(quoted, 60);
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    const names = Object.keys(command.options).map((name) => `--${name}`);
    return `${named} is not an option of loci ${command.name}. Choose from ${names.join(', ')}.`;
  }
  if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') {
    return `Unexpected argument "${named}". Put its option before it.`;
  }
  const option = named.replace(/ <value>$/u, '').replace(/^-\w, /u, '');
  const known = command.options[option.replace(/^--/u, '')];
  if (known?.type === 'boolean') return `${option} takes no value.`;
  return `${option} has no value. Write ${option}=${known?.value ?? 'VALUE'}.`;
}

/** Returns the text of `--help` for a command. */
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
    ...table([...rows, ['--help', 'Show this help.']]),
    '',
  ].join('\n');
}

/** Formats two columns and wraps the second one. */
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
