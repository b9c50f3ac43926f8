/** The server of the Model Context Protocol: it lists the tools at once, and calls them on the memory. */

import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import {
  CallToolRequestSchema,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
} from '@modelcontextprotocol/sdk/types.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { failureSentence } from '../../engine-client/failure.ts';
import { plainLine } from '../../protocol/plain-text.ts';
import { ProgressSteps } from './progress.ts';
import type { OnStep, RepositoryMemory } from './repository-memory.ts';
import { answerResult, memoryResult, passagesResult } from './results.ts';
import type { ToolResult } from './results.ts';
import { isToolName, listedTools, tools } from './tools.ts';
import type { ToolName } from './tools.ts';

const instructions =
  'Ask this server about the repository before you search it file by file: a local model has read all of it. Follow the citations to check an answer.';

/**
 * A server that is not connected yet.
 * @param onFailure hears why a call failed
 */
export function memoryServer(
  memory: RepositoryMemory,
  version: string,
  onFailure: (error: unknown) => void,
): McpServer {
  const info = { name: 'loci', title: 'Loci', version };
  const mcp = new McpServer(info, { instructions });
  const { server } = mcp;
  server.registerCapabilities({ tools: {} });
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: listedTools() }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra) => {
    const { name } = params;
    if (!isToolName(name)) {
      const sentence = `There is no tool "${plainLine(name, 40)}". Use ${Object.keys(tools).join(', ')}.`;
      throw new McpError(ErrorCode.InvalidParams, sentence);
    }
    const steps = new ProgressSteps();
    const progressToken = params._meta?.progressToken;
    const onStep: OnStep = (doing, share, message) => {
      if (progressToken === undefined || extra.signal.aborted) return;
      const step = steps.next(doing, share, plainLine(message));
      if (step === null) return;
      const sent = { ...step, progressToken };
      // A client that is gone needs no progress.
      extra
        .sendNotification({ method: 'notifications/progress', params: sent })
        .catch(() => undefined);
    };
    try {
      const given = params.arguments ?? {};
      return toolResult(await call(memory, name, given, { onStep, signal: extra.signal }));
    } catch (error) {
      if (!extra.signal.aborted) onFailure(error);
      return { content: [{ type: 'text', text: sentenceOf(error) }], isError: true };
    }
  });
  return mcp;
}

/** A call is not what the tool takes. */
class ArgumentError extends Error {
  override readonly name = 'ArgumentError';

  constructor(tool: ToolName) {
    super(`${tool} takes ${tools[tool].takes}.`);
  }
}

interface Call {
  readonly onStep: OnStep;
  readonly signal: AbortSignal;
}

/** @throws ArgumentError, EngineRequestError */
async function call(
  memory: RepositoryMemory,
  name: ToolName,
  given: unknown,
  { onStep, signal }: Call,
): Promise<ToolResult> {
  if (name === 'list_memory') {
    const { success, data } = tools[name].input.safeParse(given);
    if (!success) throw new ArgumentError(name);
    return memoryResult(await memory.opened(onStep, signal), data.folder ?? '');
  }
  const { success, data } = tools[name].input.safeParse(given);
  if (!success) throw new ArgumentError(name);
  const asks = name === 'ask_repository';
  const mode = asks ? 'answer' : 'passages';
  const answer = await memory.ask(data.question, mode, onStep, signal);
  return asks ? answerResult(answer) : passagesResult(answer);
}

function toolResult({ text, data }: ToolResult): CallToolResult {
  return { content: [{ type: 'text', text }], structuredContent: data };
}

function sentenceOf(error: unknown): string {
  return error instanceof ArgumentError ? error.message : failureSentence(error);
}
