/** Parses the options of `npm run quality -- real`. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { floors } from '../../bench/options.ts';
import { parsePolicy, readBudget } from '../../bench/axes.ts';
import { readTextAmount } from './arms.ts';
import type { TextAmount } from './arms.ts';
import type { Origin } from './places.ts';

export interface RealOptions {
  /** T1: continue lines of code. T2: the values of declarations in files that were read. */
  readonly task: 'T1' | 'T2';
  /** A GGUF file; null for the bundled model. */
  readonly model: string | null;
  readonly policies: readonly string[];
  readonly budgets: readonly string[];
  /** Package names; null for the `count` smallest. */
  readonly repositories: readonly string[] | null;
  readonly count: number;
  /** The number of places of each origin in each repository. */
  readonly places: number;
  readonly seed: number;
  /** The number of characters before a place. */
  readonly prefix: number;
  readonly origins: readonly Origin[];
  /** The amounts of found text; only the first one is combined with memories. */
  readonly texts: readonly TextAmount[];
  /** The file with all results, which an interrupted run extends; null for none. */
  readonly json: string | null;
}

const usual = {
  task: 'T1',
  policy: ['default', ...floors].join(','),
  budget: '10%',
  repositories: '3',
  places: '40',
  seed: '6000',
  prefix: '200',
  origin: 'held-out,read',
};

/**
 * Parses the command line after `real`.
 * @throws Error in one sentence
 */
export function readRealOptions(args: readonly string[]): RealOptions {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ task: text, model: text, policy: text, budget: text },
      ...{ repositories: text, places: text, seed: text, json: text },
      ...{ prefix: text, origin: text, text },
    },
  });
  const value = (name: keyof typeof usual): string => values[name] ?? usual[name];
  const whole = (name: 'places' | 'seed' | 'prefix'): number => {
    const number = Number(value(name));
    if (Number.isSafeInteger(number) && number > 0) return number;
    throw new Error(`--${name} takes a whole number of at least 1, not "${value(name)}".`);
  };
  const task = value('task');
  if (task !== 'T1' && task !== 'T2') throw new Error(`--task takes T1 or T2, not "${task}".`);
  const policies = [...new Set(value('policy').split(','))];
  policies.forEach(parsePolicy);
  const budgets = [...new Set(value('budget').split(','))];
  budgets.forEach(readBudget);
  const repositories = value('repositories');
  const isCount = /^[1-9]\d*$/u.test(repositories);
  return {
    task,
    model: values.model === undefined ? null : resolve(values.model),
    policies,
    budgets,
    repositories: isCount ? null : repositories.split(','),
    count: isCount ? Number(repositories) : 0,
    places: whole('places'),
    seed: whole('seed'),
    prefix: whole('prefix'),
    origins: task === 'T2' ? ['fact'] : [...new Set(value('origin').split(','))].map(readOrigin),
    texts: (values.text?.split(',') ?? []).map(readTextAmount),
    json: values.json === undefined ? null : resolve(values.json),
  };
}

function readOrigin(text: string): Origin {
  if (text === 'held-out' || text === 'read') return text;
  throw new Error(`--origin takes held-out and read, not "${text}".`);
}
