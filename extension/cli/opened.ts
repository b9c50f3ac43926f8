/** Opens a repository in an engine, the start of most commands. */

import { EngineRequestError } from '../engine-client/client.ts';
import type { EngineClient } from '../engine-client/client.ts';
import { openRequest } from '../protocol/requests/open.ts';
import type { OpenParameters, OpenResult } from '../protocol/requests/open.ts';
import { keepRequest } from '../protocol/requests/restore.ts';
import { counted } from '../report/format.ts';
import { refineRequest } from '../protocol/requests/refine.ts';
import type { CommandContext, ParsedArguments } from './command.ts';
import { withOwnEngine } from './own-engine.ts';
import { flag, refinePolicy, requireFolders } from './options.ts';
import { describeOpened } from './progress.ts';
import type { Terminal } from './terminal.ts';

/**
 * Opens a repository in its own engine, refines the memory if requested, reports what was read and
 * runs the work.
 * @throws UsageError; EngineRequestError, `cancelled` also if reading was stopped half-way, because
 *   the caller wants all of it.
 */
export async function withRepository(
  parsed: ParsedArguments,
  { terminal, signal }: CommandContext,
  opening: OpenParameters,
  work: (client: EngineClient, opened: OpenResult) => Promise<void>,
): Promise<void> {
  const verbose = flag(parsed, 'verbose');
  const refining = refinePolicy(parsed);
  await requireFolders(opening);
  await withOwnEngine({ terminal, verbose, signal }, async (client) => {
    const opened = await client.request(openRequest, opening, signal);
    tellOpened(opened, terminal);
    if (signal.aborted || !opened.complete) throw cancelled();
    // A kept memory may already be refined.
    if (refining === null || (opened.refined && opened.policy === refining)) {
      await work(client, opened);
    } else {
      const refined = await client.request(refineRequest, { policy: refining }, signal);
      tellOpened(refined, terminal);
      await work(client, refined);
    }
    if (opening.keep !== undefined) await keep(client, terminal, signal);
  });
}

/** Saves the memory to disk before its engine ends. */
async function keep(client: EngineClient, terminal: Terminal, signal: AbortSignal): Promise<void> {
  const { kept } = await client.request(keepRequest, {}, signal);
  if (!kept) terminal.note('The memory could not be kept; --verbose says why.');
}

/** What was read or brought back, on stderr. */
export function tellOpened(opened: OpenResult, terminal: Terminal): void {
  terminal.note(describeOpened(opened));
  for (const notice of opened.notices) terminal.note(notice);
  const { length } = opened.changed;
  if (length > 0)
    terminal.note(`${counted(length, 'file')} changed since the repository was read.`);
}

/** The error of a command after Ctrl+C. */
export function cancelled(): EngineRequestError {
  return new EngineRequestError('cancelled', 'Cancelled.');
}
