import { describe, expect, it } from 'vitest';
import { questionIntent, questionTerms } from './question-terms.ts';

function termsOf(question: string): string[] {
  return questionTerms(question).map(({ text, kind }) => `${kind} ${text}`);
}

describe('the terms of a question', () => {
  it.each([
    ['What is the value of retryLimit?', ['identifier retryLimit']],
    ['What is MAX_SIZE set to?', ['identifier MAX_SIZE']],
    ['Which file defines class Parser?', ['identifier Parser']],
    ['Which file defines Parser?', ['identifier Parser']],
    ['What does region return?', ['word region']],
    [
      'What is the default value of page_size in fetchAll?',
      ['identifier page_size', 'identifier fetchAll'],
    ],
    ['What does `do it` mean?', ['quoted do', 'quoted it']],
    [
      "Who uses 'retry-limit' and the server's port?",
      ['quoted retry', 'quoted limit', 'word server', 'word port'],
    ],
    [
      'Where is config.port read?',
      ['path config.port', 'quoted config', 'quoted port', 'word read'],
    ],
    ['What is in src/core/a.ts?', ['path src/core/a.ts']],
    ['Where does 4821 come from?', ['number 4821']],
    ['Was ist mit größenLimit?', ['word ist', 'word mit', 'identifier größenLimit']],
    ['What is the value of the default?', []],
  ])('%s', (question, terms) => {
    expect(termsOf(question)).toEqual(terms);
  });
});

describe('the intent of a question', () => {
  it.each([
    ['What is the value of a?', 'definition'],
    ['Which module is a imported from?', 'import'],
    ['What module does a come from?', 'import'],
    ['Which function calls a?', 'use'],
    ['Where is a used?', 'use'],
  ])('%s', (question, intent) => {
    expect(questionIntent(question)).toBe(intent);
  });
});
