/** What most commands begin with: an engine that has read the repository. */

import { EngineRequestError } from '../protocol/client.ts';
import type { EngineClient } from '../protocol/client.ts';
import type { OpenParameters, OpenResult } from '../protocol/engine.ts';
import type { CommandContext, ParsedArguments } from './command.ts';
import { withEngine } from './engine-process.ts';
import { flag } from './options.ts';
import { describeOpened, engineListener } from './progress.ts';

/**
 * Opens a repository in an engine of its own, tells what was read and goes on with it.
 * @throws EngineRequestError; `cancelled` also where reading was stopped half-way: the caller
 *   wanted all of it.
 */
export async function withRepository(
  parsed: ParsedArguments,
  { terminal, signal }: CommandContext,
  opening: OpenParameters,
  work: (client: EngineClient, opened: OpenResult) => Promise<void>,
): Promise<void> {
  const verbose = flag(parsed, 'verbose');
  const onOutput = (line: string): void => {
    if (verbose) terminal.note(line);
  };
  await withEngine(engineListener(terminal, verbose), onOutput, async (client) => {
    const opened = await client.open(opening, signal);
    terminal.note(describeOpened(opened));
    for (const notice of opened.notices) terminal.note(notice);
    if (signal.aborted || !opened.complete) throw cancelled();
    await work(client, opened);
  });
}

/** What a command ends with after Ctrl+C. */
export function cancelled(): EngineRequestError {
  return new EngineRequestError('cancelled', 'Cancelled.');
}
