import { describe, expect, it } from 'vitest';
import { isFollowUp } from './follow-up.ts';

describe('a follow-up', () => {
  it.each([
    'And where is it defined?',
    'and retry?',
    'But why?',
    'What about MAX_RETRIES?',
    'how about the other one?',
    'Also in the tests?',
    'Why?',
    'where',
    'Explain more.',
    'Where is it defined?',
    'Who calls it?',
    'What is its value?',
    'How do they work?',
    'Where are those used?',
    'Why is that?',
    'Where is this used?',
    'How does that work?',
    'What does this mean?',
    'Can you explain that?',
  ])('is seen: %s', (question) => {
    expect(isFollowUp(question)).toBe(true);
  });

  it.each([
    'Where is MAX_RETRIES defined?',
    'Where is parseBudget defined, and who calls it?',
    'Does `retry` call itself, or does it loop?',
    'When the engine crashes, does it restart?',
    'Where is the function that parses budgets?',
    'Which function is used to check that files are read?',
    'What does this repository do?',
    'How long does it take to read a repository?',
    'Is it possible to change the budget?',
    'Andromeda: where is the class?',
    'Which files import retry?',
    'Why does src/a.ts use this?',
    'Where is the timeout set?',
    'What is "it" in the tests?',
    '',
  ])('is not seen: %s', (question) => {
    expect(isFollowUp(question)).toBe(false);
  });
});
