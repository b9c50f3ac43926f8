import { expect, it } from 'vitest';
import { refinePolicy } from './refine-policy.ts';

const reconstruction = { score: 'attention', rows: 'repeat', aggregate: 'mean' };

it('puts the score of a reconstruction into our own policy, and leaves the rest', () => {
  const read = { name: 'default', parameters: { alpha: '0.3', score: 'random' } } as const;
  expect(refinePolicy('default', read)).toEqual({
    name: 'default',
    parameters: { alpha: '0.3', ...reconstruction },
  });
});

it('takes nothing over from another preset', () => {
  const read = { name: 'laprox', parameters: { window: '64' } } as const;
  expect(refinePolicy('default', read)).toEqual({ name: 'default', parameters: reconstruction });
  expect(refinePolicy('kvzip', read)).toEqual({ name: 'kvzip', parameters: {} });
});

it('keeps the published policies as published, but for what the user set', () => {
  const read = { name: 'kvzip', parameters: { floor: '0' } } as const;
  expect(refinePolicy('kvzip', read)).toEqual({ name: 'kvzip', parameters: { floor: '0' } });
});
