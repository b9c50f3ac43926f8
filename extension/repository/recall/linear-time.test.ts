import { expect, it } from 'vitest';
import { identifierHits } from './identifier-hits.ts';
import { OccurrenceScanner } from './occurrences.ts';
import { questionIntent, questionTerms, questionWords } from './question-terms.ts';
import { SearchIndex } from './search-index.ts';
import { subWords } from './sub-words.ts';
import { fastestMs } from '../../../test/tools/fastest.ts';
import { fullRun } from '../../../test/tools/full-run.ts';

const hostile = [
  ...'a.é_"\'`“«/\\ {(<[0$A:'.split(''),
  'a.',
  'a = ',
  'a<',
  'a: ',
  '/a',
  'a ',
  'éa ',
  'func (',
  'import {',
  'from ',
  'require (',
  'aB',
  'a(',
  "'a ",
  '. ',
];

const prefixes = ['', 'import ', 'from a import (', 'func (', 'export {', 'function f('];

/** Each piece after every prefix in a full run; else after none and after one, which take turns. */
const cases = hostile.flatMap((piece, at) =>
  prefixes
    .filter((_, i) => fullRun || i === 0 || i === 1 + (at % (prefixes.length - 1)))
    .map((prefix) => [prefix, piece] as const),
);

it.each(cases)('reads %j and 40,000 characters of %j in milliseconds', (prefix, piece) => {
  const text = prefix + piece.repeat(Math.ceil(40_000 / piece.length));
  const milliseconds = fastestMs(1000, () => {
    new OccurrenceScanner().scan(text);
    questionTerms(text);
    questionWords(text);
    questionIntent(text);
    subWords(text);
    const search = new SearchIndex();
    search.add('a.ts', 'const a = 1;\n');
    identifierHits(text, search);
  });
  expect(milliseconds).toBeLessThan(1000);
});
