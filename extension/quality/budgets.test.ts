import { describe, expect, it } from 'vitest';
import type { Budget } from '../protocol/budget.ts';
import { budgetLabel, byDemand, tokensWanted } from './budgets.ts';
import { defaultForm, defaultPolicies } from './defaults.ts';

const budgets: readonly Budget[] = [
  { unit: 'tokens', value: 2048 },
  { unit: 'percent', value: 50 },
  { unit: 'mebibytes', value: 64 },
  { unit: 'percent', value: 5 },
  { unit: 'percent', value: 50 },
];

describe('budgets', () => {
  it('are each measured once, ascending within their unit', () => {
    expect(byDemand(budgets).map(budgetLabel)).toEqual(['5%', '50%', '2048', '64MiB']);
  });

  it('are worth tokens of a repository, sizes excepted', () => {
    expect(byDemand(budgets).map((budget) => tokensWanted(budget, 1001))).toEqual([
      50,
      500,
      1001,
      null,
    ]);
  });
});

describe('what is measured by default', () => {
  it('compares the chosen policy with the plain ones, and never lists one twice', () => {
    expect(defaultPolicies('ahakv')).toEqual(['ahakv', 'random', 'streaming']);
    for (const chosen of ['streaming', 'full'] as const) {
      const policies = defaultPolicies(chosen);
      expect(new Set(policies).size).toBe(policies.length);
      expect(policies).not.toContain('full');
    }
  });

  it('asks the bundled model in words', () => {
    expect(defaultForm({ modelPath: null })).toBe('words');
    expect(defaultForm({ modelPath: '/models/other.gguf' })).toBe('line');
  });
});
