import { describe, expect, it } from 'vitest';
import { triggerAt } from './trigger.ts';

/** The trigger at the bar of a text. */
function at(marked: string): unknown {
  const caret = marked.indexOf('|');
  const text = marked.replace('|', '');
  const found = triggerAt(text, caret);
  return found === null ? null : [found.kind, found.query, text.slice(found.start, found.end)];
}

describe('triggerAt', () => {
  it.each([
    ['@|', 'mention', '', '@'],
    ['Why @src/a|?', 'mention', 'src/a', '@src/a'],
    ['Why @src/|a.ts now?', 'mention', 'src/', '@src/a.ts'],
    ['(@re|', 'mention', 're', '@re'],
    ['a\r\n@re|\r\nb', 'mention', 're', '@re'],
    ['See @"my no|', 'mention', 'my no', '@"my no'],
    ['See @"my |notes.md" then', 'mention', 'my ', '@"my notes.md"'],
    ['@ソース/設|', 'mention', 'ソース/設', '@ソース/設'],
    ['说明@设|', 'mention', '设', '@设'],
    ['@café|', 'mention', 'café', '@café'],
    ['/|', 'command', '', '/'],
    ['/ex|', 'command', 'ex', '/ex'],
    ['/e|x @a.ts', 'command', 'e', '/ex'],
  ])('completes %j', (marked, kind, query, replaced) => {
    expect(at(marked)).toEqual([kind, query, replaced]);
  });

  it.each([
    'a@b|',
    'npm@1|',
    '@src/a.ts |',
    '@|x'.replace('|x', 'x @"a" |'),
    'What is /ex|',
    '/explain |',
    ' /ex|',
    '/Ex|',
    '@"a\n|',
    `@${'a'.repeat(201)}|`,
    '|@a',
  ])('has nothing for %j', (marked) => {
    expect(at(marked)).toBeNull();
  });
});
