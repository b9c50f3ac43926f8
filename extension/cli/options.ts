/** Options that several commands share, and their values. */

import { defaultWorkingTokens, leastWorkingTokens } from '../protocol/working-set.ts';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileSystemErrorCode } from '../repository/disk/file-system-error.ts';
import { encodingExamples, textEncoding } from '../protocol/encodings.ts';
import type { StatedEncoding } from '../protocol/encodings.ts';
import { parseBudget } from '../protocol/budget.ts';
import { fileReason } from '../protocol/file-problem.ts';
import { plainLine } from '../protocol/plain-text.ts';
import type { Budget } from '../protocol/budget.ts';
import type { Gpu } from '../protocol/gpu.ts';
import type { RecallMode } from '../protocol/requests/ask.ts';
import type { OpenParameters } from '../protocol/requests/open.ts';
import { defaultPolicy, kvTypes, policyNames, refinePolicyNames } from '../protocol/policies.ts';
import type { PolicyParameters, RefinePolicyName } from '../protocol/policies.ts';
import type { OptionSpecs, ParsedArguments } from './command.ts';
import { UsageError } from './usage-error.ts';

const gpus = ['auto', 'cpu', 'cuda', 'vulkan', 'metal'] as const satisfies readonly Gpu[];
const recallModes = [
  'both',
  'attention',
  'identifiers',
  'off',
] as const satisfies readonly RecallMode[];

const defaultBudget: Budget = { unit: 'tokens', value: 2048 };

/** How a repository is read. */
export const openOptions = {
  repo: {
    type: 'string',
    multiple: true,
    value: 'DIR',
    help: 'The folder to read. Can be repeated.',
  },
  model: { type: 'string', value: 'GGUF', help: 'The model file; the bundled model by default.' },
  budget: {
    type: 'string',
    value: 'N|N%|NMiB',
    help: 'The limit of the memory: tokens, a share of the repository or a size; 2048 by default.',
  },
  policy: {
    type: 'string',
    value: 'NAME',
    help: `What the memory keeps: ${policyNames.join(', ')}; ${defaultPolicy} by default.`,
  },
  set: {
    type: 'string',
    multiple: true,
    value: 'KEY=VALUE',
    help: 'Override a parameter of the policy. Can be repeated. "loci policies NAME" lists them.',
  },
  'kv-type': {
    type: 'string',
    value: 'TYPE',
    help: `How keys and values are stored: ${kvTypes.join(', ')}; f16 by default.`,
  },
  gpu: {
    type: 'string',
    value: 'NAME',
    help: `The device to compute on: ${gpus.join(', ')}; auto by default.`,
  },
  threads: {
    type: 'string',
    value: 'N',
    help: 'The number of processor threads; 0 (the default) uses those that are free.',
  },
  encoding: {
    type: 'string',
    value: 'NAME',
    help: `The encoding of files that are not UTF-8, such as ${encodingExamples.slice(0, 3).join(', ')}; guessed by default.`,
  },
  'working-tokens': {
    type: 'string',
    value: 'N',
    help: 'Room for questions, answers and completions in addition to the budget, in tokens; 4096 by default, at most three eighths of the trained context.',
  },
} as const satisfies OptionSpecs;

/** Whether the repository is read a second time for a better memory. */
export const refineOptions = {
  refine: {
    type: 'boolean',
    help: 'Read a second time and keep the tokens that the model needs to repeat the text. Takes about two more readings and, meanwhile, twice the memory.',
  },
  'refine-policy': {
    type: 'string',
    value: 'NAME',
    help: `The policy of --refine: ${refinePolicyNames.join(', ')}; default by default.`,
  },
} as const satisfies OptionSpecs;

/** How results and diagnostics are shown. */
export const outputOptions = {
  json: { type: 'boolean', help: 'Print one JSON document and nothing else on stdout.' },
  verbose: { type: 'boolean', help: 'Show the log of the engine.' },
} as const satisfies OptionSpecs;

/** How questions are answered. */
export const recallOption = {
  recall: {
    type: 'string',
    value: 'MODE',
    help: `How to find the lines to read again for a question: ${recallModes.join(', ')}; both by default.`,
  },
} as const satisfies OptionSpecs;

/** Returns the value of an option; undefined if it was not given. */
export function text(parsed: ParsedArguments, name: string): string | undefined {
  const value = parsed.values.get(name);
  return typeof value === 'string' ? value : undefined;
}

/** Returns all values of an option that may be repeated. */
export function texts(parsed: ParsedArguments, name: string): readonly string[] {
  const value = parsed.values.get(name);
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** Returns whether a switch was given. */
export function flag(parsed: ParsedArguments, name: string): boolean {
  return parsed.values.get(name) === true;
}

/**
 * Returns a whole number.
 * @throws UsageError
 */
export function integer(
  parsed: ParsedArguments,
  name: string,
  fallback: number,
  minimum: number,
  maximum = Number.MAX_SAFE_INTEGER,
): number {
  const value = text(parsed, name);
  if (value === undefined) return fallback;
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= minimum && number <= maximum) return number;
  const range =
    maximum === Number.MAX_SAFE_INTEGER
      ? `of at least ${String(minimum)}`
      : `from ${String(minimum)} to ${String(maximum)}`;
  throw new UsageError(`--${name} must be a whole number ${range}, not "${plainLine(value, 40)}".`);
}

/**
 * Returns a number from 0 to a maximum.
 * @throws UsageError
 */
export function decimal(
  parsed: ParsedArguments,
  name: string,
  fallback: number,
  maximum: number,
): number {
  const value = text(parsed, name);
  if (value === undefined) return fallback;
  const number = Number(value);
  if (/^(?:\d+\.?\d*|\.\d+)$/.test(value) && number <= maximum) return number;
  throw new UsageError(
    `--${name} must be a number from 0 to ${String(maximum)}, not "${plainLine(value, 40)}".`,
  );
}

/**
 * Returns the value of a required option.
 * @throws UsageError
 */
export function required(parsed: ParsedArguments, name: string): string {
  const value = text(parsed, name);
  if (value === undefined || value === '') throw new UsageError(`--${name} is missing.`);
  return value;
}

/** @throws UsageError */
export function recallMode(parsed: ParsedArguments): RecallMode {
  return oneOf(parsed, 'recall', recallModes, 'both');
}

/** Returns the policy for refining; null if not requested. @throws UsageError */
export function refinePolicy(parsed: ParsedArguments): RefinePolicyName | null {
  const policy = oneOf(parsed, 'refine-policy', refinePolicyNames, 'default');
  if (flag(parsed, 'refine')) return policy;
  if (text(parsed, 'refine-policy') === undefined) return null;
  throw new UsageError('--refine-policy needs --refine.');
}

/** @throws UsageError */
export function budgetOption(parsed: ParsedArguments): Budget {
  const value = text(parsed, 'budget');
  if (value === undefined) return defaultBudget;
  const parsing = parseBudget(value);
  if (!parsing.ok) throw new UsageError(parsing.message);
  return parsing.budget;
}

/**
 * Returns what to open, from the shared options.
 * @throws UsageError
 */
export function openParameters(parsed: ParsedArguments): OpenParameters {
  const roots = texts(parsed, 'repo');
  if (roots.length === 0 || roots.includes('')) throw new UsageError('--repo is missing.');
  const model = text(parsed, 'model');
  if (model === '') throw new UsageError('--model is empty.');
  return {
    modelPath: model === undefined ? null : resolve(model),
    gpu: oneOf(parsed, 'gpu', gpus, 'auto'),
    roots: roots.map((root) => resolve(root)),
    budget: budgetOption(parsed),
    policy: oneOf(parsed, 'policy', policyNames, defaultPolicy),
    policyParameters: policyParameters(parsed),
    kvType: oneOf(parsed, 'kv-type', kvTypes, 'f16'),
    threads: integer(parsed, 'threads', 0, 0, 1024),
    workingTokens: integer(
      parsed,
      'working-tokens',
      defaultWorkingTokens,
      leastWorkingTokens,
      1_000_000,
    ),
    ...statedEncodings(parsed),
  };
}

/** Returns the encoding that the user states for all files. @throws UsageError */
function statedEncodings(parsed: ParsedArguments): { readonly encodings?: StatedEncoding[] } {
  const name = text(parsed, 'encoding');
  if (name === undefined) return {};
  const encoding = textEncoding(name);
  if (encoding === null) {
    throw new UsageError(
      `--encoding does not support "${plainLine(name, 40)}". Use an encoding such as ${encodingExamples.join(', ')}.`,
    );
  }
  return encoding === 'utf-8' ? {} : { encodings: [{ root: null, names: [], encoding }] };
}

/**
 * Checks the folders before an engine is started.
 * @throws UsageError
 */
export async function requireFolders({ roots }: Pick<OpenParameters, 'roots'>): Promise<void> {
  for (const root of roots) {
    const reason = await stat(root).then(
      (stats) => (stats.isDirectory() ? null : 'it is not a folder'),
      (error: unknown) => fileReason(fileSystemErrorCode(error) ?? 'EIO'),
    );
    if (reason !== null) {
      throw new UsageError(`--repo names ${plainLine(root)}, but ${reason}.`);
    }
  }
}

/**
 * Returns the overrides of the policy's parameters.
 * @throws UsageError
 */
function policyParameters(parsed: ParsedArguments): PolicyParameters {
  const pairs = texts(parsed, 'set').map((pair): [string, string] => {
    const [, key, value] = /^([^=]+)=(.+)$/.exec(pair) ?? [];
    if (key === undefined || value === undefined) {
      throw new UsageError(`--set must be KEY=VALUE, not "${plainLine(pair, 60)}".`);
    }
    return [key.trim(), value.trim()];
  });
  return Object.fromEntries(pairs);
}

function oneOf<T extends string>(
  parsed: ParsedArguments,
  name: string,
  values: readonly T[],
  fallback: T,
): T {
  const value = text(parsed, name);
  if (value === undefined) return fallback;
  const found = values.find((candidate) => candidate === value);
  if (found === undefined) {
    throw new UsageError(
      `--${name} must be one of ${values.join(', ')}, not "${plainLine(value, 40)}".`,
    );
  }
  return found;
}
