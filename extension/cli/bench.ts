/** `loci bench`: measures how fast a model reads a repository and writes on this machine. */

import type { Command, CommandContext, ParsedArguments } from './command.ts';
import { withRepository } from './opened.ts';
import { flag, integer, openOptions, openParameters, outputOptions } from './options.ts';

export const benchCommand: Command = {
  name: 'bench',
  summary: 'Read a repository, write a text, and report the speed of both.',
  usage: '--repo DIR [options]',
  options: {
    ...openOptions,
    'max-tokens': { type: 'string', value: 'N', help: 'Tokens to write; 128 by default.' },
    seed: { type: 'string', value: 'N', help: 'The random seed of the text; 1 by default.' },
    ...outputOptions,
  },
  run,
};

async function run(parsed: ParsedArguments, context: CommandContext): Promise<void> {
  const { terminal, signal } = context;
  const opening = openParameters(parsed);
  const maxTokens = integer(parsed, 'max-tokens', 128, 1);
  const seed = integer(parsed, 'seed', 1, 0, 0xffffffff);
  await withRepository(parsed, context, opening, async (client, opened) => {
    const question = 'Describe this repository in detail.';
    // A high temperature prevents an early end, and speed does not depend on the words.
    const answer = await client.ask(
      { question, recall: 'off', maxTokens, seed, temperature: 2, mode: 'always' },
      undefined,
      signal,
    );
    const speed = {
      loadMs: opened.timings.loadMs,
      readTokensPerSecond: opened.timings.ingestTokensPerSecond,
      firstTokenMs: answer.firstTokenMs,
      writeTokensPerSecond: answer.tokensPerSecond,
      writtenTokens: answer.outputTokens,
    };
    if (flag(parsed, 'json')) {
      const { model, gpu, policy, budget, repository, memory } = opened;
      terminal.json({ model, gpu, policy, budget, repository, memory, speed });
    } else {
      terminal.out(
        [
          `load         ${speed.loadMs.toFixed(0)} ms`,
          `read         ${speed.readTokensPerSecond.toFixed(0)} tokens/s`,
          `first token  ${speed.firstTokenMs.toFixed(0)} ms`,
          `write        ${speed.writeTokensPerSecond.toFixed(1)} tokens/s over ${String(speed.writtenTokens)} tokens`,
          '',
        ].join('\n'),
      );
    }
  });
}
