import { expect, it } from 'vitest';
import { subWords } from './sub-words.ts';

it.each([
  ['getHTTPCodes', ['get', 'http', 'cod']],
  ['MAX_retry_count2 x', ['max', 'retry', 'count']],
  ['parse parsed parsing parses', ['pars', 'pars', 'pars', 'pars']],
  ['retries retry classes class', ['retry', 'retry', 'class', 'class']],
  ['the value of a 4821', ['4821']],
  ['größenLimit', ['größen', 'limit']],
])('%s', (text, words) => {
  expect(subWords(text)).toEqual(words);
});
