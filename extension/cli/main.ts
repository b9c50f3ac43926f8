/**
 * `loci`: the engine in a terminal. Exit codes: 0 done, also if the reader of the output has gone;
 * 1 failed; 2 wrong usage; 129, 130 and 143 stopped by SIGHUP, SIGINT and SIGTERM.
 */

import { EngineRequestError } from '../engine-client/client.ts';
import { DownloadError } from '../models/download/download-error.ts';
import { fileProblem, fileReason } from '../protocol/file-problem.ts';
import { plainLine } from '../protocol/plain-text.ts';
import { commandHelp, parseCommand, table } from './command.ts';
import type { Command } from './command.ts';
import { commands } from './commands.ts';
import { OutputFileError, requireOutputFiles } from './output-file.ts';
import { endWithTerminal, StopSignals } from './signals.ts';
import { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

const failed = 1;
const misused = 2;

/** Runs a command line; returns the exit code once all output is written. Never rejects. */
async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  const code = await run(argv, terminal);
  const output = await terminal.finish();
  // Report a signal in the exit code, whether or not the output had a reader.
  if (output.kind === 'reader-gone') return code > 128 ? code : 0;
  if (output.kind === 'written') return code;
  terminal.note(`The output could not be written: ${fileReason(output.code)}.`);
  await terminal.finish();
  return failed;
}

async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined) {
    terminal.note(overview());
    return misused;
  }
  if (['--help', '-h', 'help'].includes(name)) {
    terminal.out(overview());
    return 0;
  }
  const command = commands.find((candidate) => candidate.name === name);
  const controller = new AbortController();
  const signals = new StopSignals(controller);
  // Nothing reads the output any more.
  terminal.lost.addEventListener('abort', () => {
    controller.abort();
  });
  try {
    if (command === undefined) {
      throw new UsageError(
        `There is no command "${plainLine(name, 40)}". Choose ${commands.map((other) => other.name).join(', ')}.`,
      );
    }
    const parsed = parseCommand(command, rest);
    if (parsed.values.get('help') === true) {
      terminal.out(commandHelp(command));
      return 0;
    }
    await requireOutputFiles(command, parsed);
    await command.run(parsed, { terminal, signal: controller.signal });
    return signals.exitCode ?? 0;
  } catch (error) {
    const code = report(error, { command, stopped: controller.signal.aborted, rest }, terminal);
    return signals.exitCode ?? code;
  } finally {
    terminal.clearStatus();
    signals.dispose();
  }
}

interface Circumstances {
  readonly command: Command | undefined;
  readonly stopped: boolean;
  readonly rest: readonly string[];
}

/** Reports a failure in one sentence; --verbose adds the stack of an unexpected error. */
function report(
  error: unknown,
  { command, stopped, rest }: Circumstances,
  terminal: Terminal,
): number {
  if (stopped) {
    if (!terminal.lost.aborted) terminal.note('Cancelled.');
    return failed;
  }
  if (error instanceof UsageError) {
    const help = command === undefined ? 'loci --help' : `loci ${command.name} --help`;
    terminal.note(`${error.message} See "${help}".`);
    return misused;
  }
  const problem = fileProblem(error);
  if (
    error instanceof EngineRequestError ||
    error instanceof OutputFileError ||
    error instanceof DownloadError
  ) {
    terminal.note(plainLine(error.message, 1_000));
  } else if (problem !== null) {
    terminal.note(problem);
  } else if (rest.includes('--verbose')) {
    terminal.note(error instanceof Error ? (error.stack ?? error.message) : String(error));
    terminal.note('The command failed unexpectedly.');
  } else {
    terminal.note('The command failed unexpectedly. Use --verbose to see the cause.');
  }
  return failed;
}

function overview(): string {
  return [
    'Usage: loci COMMAND [options]',
    '',
    'Ask about a repository that a local model has read into a fixed budget of memory.',
    '',
    'Commands:',
    ...table(commands.map(({ name, summary }) => [name, summary])),
    '',
    'See "loci COMMAND --help" for the options of each.',
    '',
  ].join('\n');
}

endWithTerminal();
process.exitCode = await main(process.argv.slice(2), new Terminal(process.stdout, process.stderr));
