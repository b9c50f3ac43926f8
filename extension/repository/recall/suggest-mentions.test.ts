import { describe, expect, it } from 'vitest';
import { PathResolver } from './path-resolver.ts';
import { readMentions } from './mentioned.ts';
import { SearchIndex } from './search-index.ts';
import { suggestMentions } from './suggest-mentions.ts';

const files: Readonly<Record<string, string>> = {
  'src/retry.ts': 'export function retry() {}\nconst retryLimit = 3;\nuse(notDefined);\n',
  'src/retry/policy.ts': 'export class Policy {}\n',
  'lib/retry.py': 'def retry():\n    pass\n',
  'my retry notes.md': '# Notes\n',
  'ソース/設定.ts': 'export const 上限 = 5;\n',
  'a"b.ts': '',
  'a"`\'b.ts': '',
  'a\nb.ts': '',
  'notes.': '',
};
const search = new SearchIndex();
for (const [path, text] of Object.entries(files)) search.add(path, text);
const resolver = new PathResolver(Object.keys(files));

function suggest(query: string): ReturnType<typeof suggestMentions> {
  return suggestMentions({ files: search.paths, folders: resolver.folders.paths, search }, query);
}

describe('suggestMentions', () => {
  it('has files, folders and definitions, those that begin with the query first', () => {
    expect(suggest('retry').map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      'symbol retry',
      'folder src/retry/',
      'file lib/retry.py',
      'file src/retry.ts',
      'symbol retryLimit',
      'file "my retry notes.md"',
      'file src/retry/policy.ts',
    ]);
  });

  it('says where each is', () => {
    const details = suggest('retry').map(({ name, detail }) => `${name}: ${detail}`);
    expect(details).toContain('retry: src/retry.ts:1 and 1 more');
    expect(details).toContain('policy.ts: src/retry');
    expect(details).toContain('retry/: src');
  });

  it.each([
    ['RETRYL', 'retryLimit'],
    ['./src/ret', 'src/retry.ts'],
    ['src/retry/', 'src/retry/policy.ts'],
    ['設', 'ソース/設定.ts'],
    ['上', '上限'],
    ['my ret', '"my retry notes.md"'],
  ])('finds what %j means', (query, text) => {
    expect(suggest(query).map((item) => item.text)).toContain(text);
  });

  it('has nothing that is only used, and nothing that cannot be written', () => {
    expect(suggest('notDefined')).toEqual([]);
    expect(suggest('b.ts').map(({ text }) => text)).toEqual(['`a"b.ts`']);
  });

  it('suggests what a question then means', () => {
    const suggested = ['', 'retry', '設', '上', 'a', 'notes'].flatMap(suggest);
    expect(suggested.length).toBeGreaterThan(15);
    for (const { kind, text } of suggested) {
      const { mentioned } = readMentions(`What is @${text} for?`, search, resolver);
      expect([text, mentioned.map((each) => each.kind)]).toEqual([text, [kind]]);
    }
  });

  it('is short, however much matches', () => {
    const many = new SearchIndex();
    for (let i = 0; i < 3_000; i++) many.add(`src/a${String(i)}.ts`, `const a${String(i)} = 1;\n`);
    const found = suggestMentions({ files: many.paths, folders: [], search: many }, 'a');
    expect(found.length).toBe(16);
  });
});
