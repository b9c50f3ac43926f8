/** Parses the options of `npm run quality`. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Gpu } from '../../../extension/protocol/gpu.ts';
import type { RecallMode } from '../../../extension/protocol/requests/ask.ts';
import { kvTypes } from '../../../extension/protocol/policies.ts';
import type { KvType } from '../../../extension/protocol/policies.ts';
import { taskNames } from '../generator/items.ts';
import type { TaskName } from '../generator/items.ts';
import { listOf, modes, numbersOf, parsePolicy, readBudget } from './axes.ts';
import type { Axes } from './axes.ts';

export interface QualityOptions extends Axes {
  readonly tasks: readonly TaskName[];
  readonly repositories: number;
  readonly questions: number;
  readonly seed: number;
  readonly model: string | null;
  readonly gpu: Gpu;
  readonly repository: string | null;
  /** The storage type that defines every budget's bytes; null: each cell's own type. */
  readonly bytesOf: KvType | null;
  readonly json: string | null;
  readonly markdown: string | null;
  readonly svg: string | null;
  readonly resume: string | null;
  readonly quick: boolean;
  readonly writeBaseline: boolean;
}

const recallModes: readonly RecallMode[] = ['off', 'attention', 'both', 'identifiers'];
const gpus: readonly Gpu[] = ['auto', 'cpu', 'cuda', 'vulkan', 'metal'];

/** Policies in every table: one that holds random tokens and one that holds the nearest. */
export const floors: readonly string[] = ['random', 'streaming'];

const defaults = {
  policy: ['default', ...floors].join(','),
  budget: '25%,10%',
  length: '8',
  recall: 'off,both',
  'kv-type': 'f16',
  mode: 'streaming',
  tasks: taskNames.join(','),
  repositories: '3',
  questions: '40',
  seed: '5000',
  gpu: 'cpu',
};

/** Seeds from here on are reserved: nothing compared with a baseline was tuned on them. */
const quick = {
  ...defaults,
  budget: '25%',
  length: '2',
  repositories: '2',
  questions: '24',
  seed: '770000',
};

/** The options with values, as written on the command line. */
export type OptionTexts = typeof defaults & { readonly 'budget-bytes-of'?: KvType };

/**
 * Parses the command line.
 * @param preset defaults for options that it does not name
 * @throws Error in one sentence
 */
export function readOptions(
  args: readonly string[],
  preset: Partial<OptionTexts> = {},
): QualityOptions {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ policy: text, budget: text, length: text, recall: text, 'kv-type': text, mode: text },
      ...{ tasks: text, repositories: text, questions: text, seed: text, model: text, gpu: text },
      ...{ repo: text, json: text, markdown: text, svg: text, resume: text },
      'budget-bytes-of': text,
      ...{ quick: flag, 'write-baseline': flag },
    },
  });
  const texts: OptionTexts = { ...(values.quick ? quick : defaults), ...preset };
  const path = (name: string | undefined): string | null =>
    name === undefined ? null : resolve(name);
  const value = (name: keyof typeof defaults): string => values[name] ?? texts[name];
  const whole = (name: 'repositories' | 'questions' | 'seed'): number => {
    const number = Number(value(name));
    if (!Number.isSafeInteger(number) || number < 1) {
      throw new Error(`--${name} takes a whole number of at least 1, not "${value(name)}".`);
    }
    return number;
  };
  const policies = [...new Set([...value('policy').split(','), ...floors])];
  policies.forEach(parsePolicy);
  const budgets = value('budget').split(',');
  budgets.forEach(readBudget);
  const bytesOf = values['budget-bytes-of'] ?? texts['budget-bytes-of'];
  const repository = path(values.repo);
  return {
    policies,
    budgets,
    lengths: repository === null ? numbersOf('length', value('length'), 0.1) : [0],
    recalls: listOf('recall', value('recall'), recallModes),
    kvTypes: listOf('kv-type', value('kv-type'), kvTypes),
    modes: listOf('mode', value('mode'), modes),
    tasks: repository === null ? listOf('tasks', value('tasks'), taskNames) : ['loss'],
    repositories: whole('repositories'),
    questions: whole('questions'),
    seed: whole('seed'),
    model: path(values.model),
    gpu: listOf('gpu', value('gpu'), gpus)[0] ?? 'cpu',
    repository,
    bytesOf:
      bytesOf === undefined ? null : (listOf('budget-bytes-of', bytesOf, kvTypes)[0] ?? null),
    json: path(values.json),
    markdown: path(values.markdown),
    svg: path(values.svg),
    resume: path(values.resume),
    quick: values.quick,
    writeBaseline: values['write-baseline'],
  };
}
