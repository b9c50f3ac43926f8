import { expect, it } from 'vitest';
import { PathResolver } from '../../repository/recall/path-resolver.ts';
import { SearchIndex } from '../../repository/recall/search-index.ts';
import { inventionNotices } from './invented.ts';

const search = new SearchIndex();
search.add(
  'engine/restart.ts',
  'export class RestartPolicy { maxCrashes = 4; waitMs = 2_000; }\n// In Node.\n',
);
const resolver = new PathResolver(search.paths);
const asked = ['What is the value of maxCrashes? Is it 12?'];
const answered = ['It may be 99, says the model.'];
const prompt = 'It may be 99, says the model.\nmaxCrashes = 4;\nwaitMs = 2_000;\nversion 1.2.3\n';

function notices(answer: string, seen: string | null = prompt): string[] {
  return inventionNotices(answer, { search, resolver, asked, answered, seen });
}

it.each([
  ['RestartPolicy is defined in RestartPolicy.js.', '“RestartPolicy.js” does not occur in what'],
  [
    'It calls `restartEngine` and setTimer_ms.',
    '“restartEngine” and “setTimer_ms” do not occur in',
  ],
  ['See `engine/policy.ts`.', '“engine/policy.ts” does not occur in what was read'],
  ['As in React Native 4.0.0, of 10 requests.', '“4.0.0” and “10” do not occur in the passages'],
  ['It takes 99 seconds.', '“99” does not occur in the passages'],
  ['So:\n```js\nmaxCrashes = 10;\n```', '“10” does not occur in the passages'],
  ['```yaml\nwaitMs: 3_500\n```', '“3_500” does not occur in the passages'],
  ['~~~\nlet a_b;\n~~~\nThen call_it().', '“call_it” does not occur in what was read'],
])('%j is not left alone', (answer, sentence) => {
  expect(notices(answer).join(' ')).toContain(sentence);
});

it.each([
  'maxCrashes is 4, not 12.',
  '2000 ms, which is 2 s, since version 1.2.3; 1. first, 2. second.',
  'The class "whatever" is not \'named\' here; it’s Node.js and TypeScript.',
  'Write a test:\n\n```ts\nconst brand_new = makeThing(7000);\n```\nIt uses RestartPolicy.',
  '```js\nmaxCrashes = 12; ownCount = 77; if (maxCrashes == 4) return 500;\n```',
  'An open block:\n```\nconst brand_new = 7000;',
  '',
])('%j is left alone', (answer) => {
  expect(notices(answer)).toEqual([]);
});

it('knows no number that the memory may hold', () => {
  expect(notices('It is 48151.', null)).toEqual([]);
});

it('takes a megabyte of numbers, marks and fences in seconds', () => {
  for (const part of ['1.', 'a=', '```\na: 12', '12 ', '`', '```\n', 'A.js ', '"', '1_']) {
    const startedAt = performance.now();
    notices(part.repeat(1_000_000 / part.length));
    expect(performance.now() - startedAt, part).toBeLessThan(5_000);
  }
});
