import { expect, it } from 'vitest';
import { notAChoice, kvTypes, policyNames } from './policies.ts';

it.each([
  ['best', '"best" is not a type. Choose f16, q8_0 or q4_0.'],
  [null, '"null" is not a type. Choose f16, q8_0 or q4_0.'],
  [3, '"3" is not a type. Choose f16, q8_0 or q4_0.'],
  [['f16'], '"["f16"]" is not a type. Choose f16, q8_0 or q4_0.'],
])('names what is allowed in place of %j', (value, sentence) => {
  expect(notAChoice(value, 'a type', kvTypes)).toBe(sentence);
});

it('names the policies, the default first', () => {
  const sentence = notAChoice('best', 'a policy', policyNames);
  expect(sentence).toMatch(/^"best" is not a policy\. Choose default, .* or full\.$/);
});
