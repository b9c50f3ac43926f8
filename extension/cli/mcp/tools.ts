/** The tools of `loci mcp`: what each takes, returns and says of itself. */

import { z } from 'zod';
import {
  agentQuestionSchema,
  findPassagesDescription,
  takesQuestion,
  untrustedNote,
} from '../../protocol/agent-question.ts';
import { answerOutput, memoryOutput, passagesOutput } from './results.ts';

const longestFolder = 1_000;

/** What the list of tools says of one, and what checks a call of it. */
interface ToolSpec {
  readonly title: string;
  readonly description: string;
  readonly input: z.ZodObject;
  readonly output: z.ZodObject;
  /** What it takes, as the refusal of a call says it. */
  readonly takes: string;
}

export const tools = {
  ask_repository: {
    title: 'Ask the repository',
    description: `Answers a question about this repository from the memory of a local model that has read all of it. The answer names its files and lines, and the lines that were looked up for it. ${untrustedNote}`,
    input: agentQuestionSchema,
    output: answerOutput,
    takes: takesQuestion,
  },
  find_passages: {
    title: 'Find passages',
    description: findPassagesDescription,
    input: agentQuestionSchema,
    output: passagesOutput,
    takes: takesQuestion,
  },
  list_memory: {
    title: 'List the memory',
    description: `Lists the files of this repository that were read, with their tokens and the share of each that the memory holds. ${untrustedNote}`,
    input: z.strictObject({
      folder: z
        .string()
        .max(longestFolder)
        .optional()
        .describe('Only files in this folder, such as src/server; all without it.'),
    }),
    output: memoryOutput,
    takes: `at most a "folder" of up to ${String(longestFolder)} characters`,
  },
} as const satisfies Readonly<Record<string, ToolSpec>>;

/** The name of a tool. */
export type ToolName = keyof typeof tools;

/** Whether there is a tool of this name. */
export function isToolName(name: string): name is ToolName {
  return Object.hasOwn(tools, name);
}

/** A tool as the protocol lists it: schemas as JSON Schema. */
export interface ListedTool {
  readonly name: ToolName;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: { readonly type: 'object' };
  readonly outputSchema: { readonly type: 'object' };
  readonly annotations: { readonly readOnlyHint: true; readonly openWorldHint: false };
}

/** Every tool, as `tools/list` tells it. */
export function listedTools(): ListedTool[] {
  return Object.keys(tools)
    .filter(isToolName)
    .map((name) => {
      const { title, description, input, output } = tools[name];
      return {
        name,
        title,
        description,
        inputSchema: jsonSchema(input),
        outputSchema: jsonSchema(output),
        annotations: { readOnlyHint: true, openWorldHint: false },
      };
    });
}

function jsonSchema(schema: z.ZodObject): { readonly type: 'object' } {
  return { ...z.toJSONSchema(schema, { target: 'draft-7' }), type: 'object' };
}
