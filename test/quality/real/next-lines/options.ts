/** The options of `npm run quality -- real`. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { floors } from '../../bench/options.ts';
import { parsePolicy, readBudget } from '../../bench/axes.ts';

export interface RealOptions {
  /** A GGUF file; null: the bundled model. */
  readonly model: string | null;
  readonly policies: readonly string[];
  readonly budgets: readonly string[];
  /** Names of packages; null: the smallest, `count` of them. */
  readonly repositories: readonly string[] | null;
  readonly count: number;
  /** Places of each origin in each repository. */
  readonly places: number;
  readonly seed: number;
  readonly json: string | null;
}

const usual = {
  task: 'T1',
  policy: ['default', ...floors].join(','),
  budget: '10%',
  repositories: '3',
  places: '40',
  seed: '6000',
};

/**
 * Reads the command line behind `real`.
 * @throws Error in one sentence
 */
export function readRealOptions(args: readonly string[]): RealOptions {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ task: text, model: text, policy: text, budget: text },
      ...{ repositories: text, places: text, seed: text, json: text },
    },
  });
  const value = (name: keyof typeof usual): string => values[name] ?? usual[name];
  const whole = (name: 'places' | 'seed'): number => {
    const number = Number(value(name));
    if (Number.isSafeInteger(number) && number > 0) return number;
    throw new Error(`--${name} takes a whole number of at least 1, not "${value(name)}".`);
  };
  if (value('task') !== 'T1') throw new Error(`--task takes T1, not "${value('task')}".`);
  const policies = [...new Set(value('policy').split(','))];
  policies.forEach(parsePolicy);
  const budgets = [...new Set(value('budget').split(','))];
  budgets.forEach(readBudget);
  const repositories = value('repositories');
  const isCount = /^[1-9]\d*$/u.test(repositories);
  return {
    model: values.model === undefined ? null : resolve(values.model),
    policies,
    budgets,
    repositories: isCount ? null : repositories.split(','),
    count: isCount ? Number(repositories) : 0,
    places: whole('places'),
    seed: whole('seed'),
    json: values.json === undefined ? null : resolve(values.json),
  };
}
