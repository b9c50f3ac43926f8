/** How questions are answered, by the options of the commands that ask them. */

import type { AskParameters } from '../protocol/requests/ask.ts';
import type { OptionSpecs, ParsedArguments } from './command.ts';
import { decimal, flag, integer, recallMode, recallOption } from './options.ts';

const largestSeed = 0xffffffff;
/** The engine's own limit. */
const largestTemperature = 10;

export const answeringOptions = {
  ...recallOption,
  'always-answer': {
    type: 'boolean',
    help: 'Let the bundled model answer every question in words, right or wrong.',
  },
  'max-tokens': {
    type: 'string',
    value: 'N',
    help: 'The maximum length of an answer, in tokens; 256 by default.',
  },
  temperature: {
    type: 'string',
    value: 'T',
    help: 'The sampling temperature, from 0 (always the likeliest token; the default) to 10.',
  },
  seed: {
    type: 'string',
    value: 'N',
    help: 'The random seed for temperatures above 0; 0 by default.',
  },
} as const satisfies OptionSpecs;

/** What is asked beside the question. */
export type Answering = Omit<AskParameters, 'question' | 'history'>;

/** @throws UsageError */
export function answeringParameters(parsed: ParsedArguments): Answering {
  return {
    recall: recallMode(parsed),
    maxTokens: integer(parsed, 'max-tokens', 256, 1),
    seed: integer(parsed, 'seed', 0, 0, largestSeed),
    temperature: decimal(parsed, 'temperature', 0, largestTemperature),
    mode: flag(parsed, 'always-answer') ? 'always' : 'reliable',
  };
}
