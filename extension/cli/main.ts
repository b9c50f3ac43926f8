/** `loci`: the engine in a terminal. Exit codes: 0 done, 1 failed, 2 not understood, 130 stopped. */

import { EngineRequestError } from '../protocol/client.ts';
import { askCommand } from './ask.ts';
import { benchCommand } from './bench.ts';
import { commandHelp, parseCommand, table } from './command.ts';
import type { Command } from './command.ts';
import { completeCommand } from './complete.ts';
import { modelsCommand } from './models.ts';
import { qualityCommand } from './quality.ts';
import { retentionCommand } from './retention.ts';
import { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

const commands: readonly Command[] = [
  askCommand,
  retentionCommand,
  completeCommand,
  modelsCommand,
  benchCommand,
  qualityCommand,
];

const failed = 1;
const misused = 2;
const interrupted = 130;

/** Runs one command line and returns the exit code. Never rejects. */
async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
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
  const interrupt = (): void => {
    // The second time nobody wants to wait for a clean end.
    if (controller.signal.aborted) process.exit(interrupted);
    controller.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    if (command === undefined) {
      throw new UsageError(
        `There is no command "${name}"; choose one of ${commands.map((other) => other.name).join(', ')}.`,
      );
    }
    const parsed = parseCommand(command, rest);
    if (parsed.values.get('help') === true) {
      terminal.out(commandHelp(command));
      return 0;
    }
    await command.run(parsed, { terminal, signal: controller.signal });
    return 0;
  } catch (error) {
    return report(error, command, controller.signal, terminal);
  } finally {
    terminal.clearStatus();
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

/** Says what went wrong in one sentence; what nobody foresaw keeps its stack. */
function report(
  error: unknown,
  command: Command | undefined,
  signal: AbortSignal,
  terminal: Terminal,
): number {
  if (signal.aborted) {
    terminal.note('Cancelled.');
    return interrupted;
  }
  if (error instanceof UsageError) {
    const help = command === undefined ? 'loci --help' : `loci ${command.name} --help`;
    terminal.note(`${error.message} See "${help}".`);
    return misused;
  }
  if (error instanceof EngineRequestError) terminal.note(error.message);
  else if (error instanceof Error && 'code' in error) terminal.note(`${error.message}.`);
  else terminal.note(error instanceof Error ? (error.stack ?? error.message) : String(error));
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

process.exitCode = await main(process.argv.slice(2), new Terminal(process.stdout, process.stderr));
