/** The tool in package.json is the one of the code. */
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { fromRoot } from '../../../scripts/support/paths.mjs';
import { agentQuestionSchema, findPassagesDescription } from '../../protocol/agent-question.ts';

it('describes itself and takes what is asked as the server does', async () => {
  const manifest = z
    .object({
      contributes: z.object({ languageModelTools: z.array(z.record(z.string(), z.unknown())) }),
    })
    .parse(JSON.parse(await readFile(fromRoot('package.json'), 'utf8')));
  const inputSchema: Record<string, unknown> = { ...z.toJSONSchema(agentQuestionSchema) };
  delete inputSchema['$schema'];
  expect(manifest.contributes.languageModelTools).toEqual([
    expect.objectContaining({
      toolReferenceName: 'lociMemory',
      modelDescription: findPassagesDescription,
      inputSchema,
    }),
  ]);
});
