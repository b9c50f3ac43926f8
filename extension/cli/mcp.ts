/** `loci mcp`: other programs ask the memory of a repository over the Model Context Protocol. */

import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { failureDetail, failureSentence } from '../engine-client/failure.ts';
import { EngineSession } from '../engine-client/session.ts';
import type { SessionState } from '../engine-client/session-state.ts';
import { plainLine } from '../protocol/plain-text.ts';
import type { RefinePolicyName } from '../protocol/policies.ts';
import type { OpenParameters, OpenResult } from '../protocol/requests/open.ts';
import { answeringOptions, answeringParameters } from './answering-options.ts';
import type { Command, CommandContext, ParsedArguments } from './command.ts';
import { keepOption, keepOptions } from './keep-option.ts';
import { RepositoryMemory } from './mcp/repository-memory.ts';
import { memoryServer } from './mcp/server.ts';
import {
  flag,
  openOptions,
  openParameters,
  outputOptions,
  refineOptions,
  refinePolicy,
  requireFolders,
} from './options.ts';
import { startOwnEngine } from './own-engine.ts';
import { tellOpened } from './opened.ts';
import { engineListener } from './progress.ts';
import type { Terminal } from './terminal.ts';
import { ownVersion } from './version.ts';

export const mcpCommand: Command = {
  name: 'mcp',
  summary: 'Let other programs ask the memory of a repository (Model Context Protocol over stdio).',
  usage: '--repo DIR [options]',
  options: {
    ...openOptions,
    ...refineOptions,
    ...keepOptions,
    ...answeringOptions,
    'on-demand': {
      type: 'boolean',
      help: 'Read the repository when a tool is called for the first time, not at the start.',
    },
    verbose: outputOptions.verbose,
  },
  run,
};

/** Serves until stdin ends, stdout is gone or a signal comes. @throws UsageError */
async function run(parsed: ParsedArguments, context: CommandContext): Promise<void> {
  const { terminal, signal } = context;
  const reading = openParameters(parsed);
  const opening = { ...reading, ...keepOption(parsed, reading.roots) };
  const answering = answeringParameters(parsed);
  const refining = refinePolicy(parsed);
  const verbose = flag(parsed, 'verbose');
  await requireFolders(opening);
  const session = sessionOf(opening, terminal, verbose);
  tellStates(session, terminal, verbose);
  if (refining !== null) refineOnce(session, refining, terminal, signal);
  const memory = new RepositoryMemory(session, answering);
  const server = memoryServer(memory, await ownVersion(), (error) => {
    if (verbose) terminal.note(failureDetail(error));
  });
  try {
    if (!flag(parsed, 'on-demand')) memory.begin();
    await serve(server, context, verbose);
  } finally {
    await session.dispose();
  }
}

function sessionOf(opening: OpenParameters, terminal: Terminal, verbose: boolean): EngineSession {
  return new EngineSession({
    startEngine: (listener) => startOwnEngine({ terminal, verbose }, listener),
    parameters: () => opening,
    onLog: (level, text) => {
      if (verbose) terminal.note(`[${level}] ${text.trimEnd()}`);
    },
  });
}

/** Connects the server to stdin and stdout; settles when the client or the user ends it. */
async function serve(
  server: McpServer,
  { terminal, signal }: CommandContext,
  verbose: boolean,
): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    const end = (): void => {
      resolve();
    };
    process.stdin.once('end', end).once('close', end).once('error', end);
    signal.addEventListener('abort', end);
    server.server.onclose = end;
    if (signal.aborted) end();
  });
  server.server.onerror = (error) => {
    // Not a message of the protocol, or one that is too long.
    terminal.note('A message of the client was not understood; --verbose says why.');
    if (verbose) terminal.note(plainLine(failureDetail(error)));
  };
  await server.connect(new StdioServerTransport());
  await ended;
  // Calls that wait are cancelled by it.
  await server.close();
  process.stdin.destroy();
}

/** Tells on stderr what becomes of the reading. */
function tellStates(session: EngineSession, terminal: Terminal, verbose: boolean): void {
  const { onProgress } = engineListener(terminal, verbose);
  let told: OpenResult | null = null;
  session.onDidChange((state: SessionState) => {
    if (state.kind === 'reading' && state.progress !== null) onProgress?.(state.progress);
    if (state.kind === 'ready' && state.result !== told) {
      told = state.result;
      tellOpened(state.result, terminal);
    }
    if (state.kind === 'failed' || state.kind === 'restarting') terminal.note(state.message);
  });
}

/** Refines the first memory, which answers meanwhile. */
function refineOnce(
  session: EngineSession,
  policy: RefinePolicyName,
  terminal: Terminal,
  signal: AbortSignal,
): void {
  const subscription = session.onDidChange(({ kind }) => {
    if (kind !== 'ready') return;
    subscription.dispose();
    session
      .refine({ policy }, () => undefined, signal)
      .catch((error: unknown) => {
        if (!signal.aborted) terminal.note(failureSentence(error));
      });
  });
}
