import { expect, it } from 'vitest';
import { PathResolver } from './path-resolver.ts';
import { SearchIndex } from './search-index.ts';
import { unknownNames } from './unknown-names.ts';

const search = new SearchIndex();
search.add('src/retry-policy.ts', 'export const retryLimit = 3;\nexport const MAX_SIZE = 4;\n');
search.add('src/café.ts', `export const ${'größe'.normalize('NFD')} = 1; class Parser {}\n`);
search.add('config/app.yml', 'port: 1\n');
const resolver = new PathResolver(search.paths);

it.each([
  ['What is the value of retryLimits?', ['retryLimits']],
  ['What is MAX_DEPTH?', ['MAX_DEPTH']],
  ['What is TIMEOUT set to?', ['TIMEOUT']],
  ['What does `zyzzyva` mean?', ['zyzzyva']],
  ['Where is "nothing" set?', ['nothing']],
  ['What does launch() return?', ['launch']],
  ['What does class Engine do?', ['Engine']],
  ['What is in `src/nope.ts`?', ['src/nope.ts']],
  ['What is in nope.py?', ['nope.py']],
  ['What is retryLimit and retry_count?', ['retry_count']],
  ['Where is `config.host` read?', ['config.host']],
])('%s', (question, names) => {
  expect(unknownNames(question, search, resolver)).toEqual(names);
});

it.each([
  'What is the value of retryLimit, and MAX_SIZE?',
  'What is größe?',
  'What does class Parser do?',
  'How does the API handle HTTP errors in TypeScript, JSON and Node.js?',
  'Why does it NOT work? Please explain, e.g. with an example.',
  'Is this Python or Rust and/or Go? See https://example.com/a/b.html',
  'What is in src/retry-policy.ts:2, café.ts and the `src` folder?',
  'What is config.port?',
  "Who wrote this? I don't know, it's unclear.",
])('%s has no unknown names', (question) => {
  expect(unknownNames(question, search, resolver)).toEqual([]);
});

it('says nothing where not every name is known', () => {
  const partial = new SearchIndex({ exactCharacters: 4 });
  partial.add('a.ts', 'const a = 1;\n');
  expect(unknownNames('What is retryLimit?', partial, resolver)).toEqual([]);
});
