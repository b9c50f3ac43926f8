/** The axes of a grid, and their form on the command line. */
import { parseBudget } from '../../../extension/protocol/budget.ts';
import type { Budget } from '../../../extension/protocol/budget.ts';
import type { RecallMode } from '../../../extension/protocol/requests/ask.ts';
import type { KvType, PolicyParameters } from '../../../extension/protocol/policies.ts';

/**
 * Streaming: chunk by chunk, compressed after each, as the extension reads. After prefill:
 * everything is computed first and compressed once, as in most published figures. Question-aware:
 * like streaming, but read anew for each question in words, which every chunk is observed with.
 */
export const modes = ['streaming', 'after-prefill', 'question-aware'] as const;
export type Mode = (typeof modes)[number];

/** A preset by any name, with overrides; the engine refuses unknown ones. */
export interface PolicyChoice {
  readonly name: string;
  readonly parameters: PolicyParameters;
}

/** One memory: what is read and how it is held. Texts are kept as the user wrote them. */
export interface Cell {
  /** Repository length in multiples of the trained context; 0 for a given repository. */
  readonly length: number;
  readonly mode: Mode;
  readonly kvType: KvType;
  readonly policy: string;
  readonly budget: string;
}

export interface Axes {
  readonly lengths: readonly number[];
  readonly modes: readonly Mode[];
  readonly kvTypes: readonly KvType[];
  readonly policies: readonly string[];
  readonly budgets: readonly string[];
  readonly recalls: readonly RecallMode[];
}

/**
 * Parses `laprox` or `laprox:window=64:pool=5`.
 * @throws Error
 */
export function parsePolicy(text: string): PolicyChoice {
  const [name = '', ...pairs] = text.split(':');
  const entries = pairs.map((pair): [string, string] => {
    const [, key, value] = /^([^=]+)=(.+)$/.exec(pair) ?? [];
    if (key === undefined || value === undefined) {
      throw new Error(`A policy is written as NAME or NAME:KEY=VALUE:..., not "${text}".`);
    }
    return [key, value];
  });
  if (name === '') throw new Error('--policy names no policy.');
  return { name, parameters: Object.fromEntries(entries) };
}

/** @throws Error */
export function readBudget(text: string): Budget {
  const parsing = parseBudget(text);
  if (!parsing.ok) throw new Error(parsing.message);
  return parsing.budget;
}

/** Parses a comma-separated list. @throws Error for an unknown value */
export function listOf<T extends string>(option: string, text: string, known: readonly T[]): T[] {
  return text.split(',').map((part) => {
    const found = known.find((value) => value === part.trim());
    if (found === undefined) {
      throw new Error(`--${option} is made of ${known.join(', ')}, not "${part}".`);
    }
    return found;
  });
}

/** Parses the integers of a comma-separated list. @throws Error */
export function numbersOf(option: string, text: string, least: number): number[] {
  return text.split(',').map((part) => {
    const value = Number(part);
    if (part.trim() === '' || !Number.isFinite(value) || value < least) {
      throw new Error(
        `--${option} is made of numbers of at least ${String(least)}, not "${part}".`,
      );
    }
    return value;
  });
}

/** All combinations; cells that can share one reading of a repository are adjacent. */
export function cellsOf(axes: Axes): Cell[] {
  return axes.lengths.flatMap((length) =>
    axes.modes.flatMap((mode) =>
      axes.kvTypes.flatMap((kvType) =>
        axes.budgets.flatMap((budget) =>
          axes.policies.map((policy) => ({ length, mode, kvType, policy, budget })),
        ),
      ),
    ),
  );
}

/** The unique name of a cell. */
export function cellName({ length, mode, kvType, policy, budget }: Cell): string {
  const size = length === 0 ? 'repository' : `${String(length)}x`;
  return [size, mode, kvType, policy, budget].join(' ');
}
