import { describe, expect, it } from 'vitest';
import { readMentions } from './mentioned.ts';
import { PathResolver } from './path-resolver.ts';
import { recallMentioned, type MentionedText } from './recall-mentioned.ts';
import { SearchIndex } from './search-index.ts';

const files: Readonly<Record<string, string>> = {
  'src/retry.ts': `// How often.\nexport const LIMIT = 3;\nexport function retry(times) {\n  for (;;) {\n    run();\n  }\n}\n`,
  'src/a/long.ts': Array.from(
    { length: 200 },
    (_, i) => `const v${String(i)} = ${String(i)};\n`,
  ).join(''),
  'src/a/short.ts': 'export const short = 1;\n',
  'my notes/to do.md': '# Later\n',
  'ソース/設定.ts': 'export const 上限 = 5;\n',
  'café/été.ts': 'export const été = 1;\n',
  Makefile: 'all:\n\ttrue\n',
  'app/[id]/page.tsx': 'export function Page() {\n  return null;\n}\n',
  'it`s "odd".ts': 'x\n',
};
const search = new SearchIndex();
for (const [path, text] of Object.entries(files)) search.add(path, text);
const resolver = new PathResolver(Object.keys(files), [{ name: '', path: '/home/x/repository' }]);

function read(question: string): ReturnType<typeof readMentions> {
  return readMentions(question, search, resolver);
}

/** Reads again, a token for each word and each line. */
function take(question: string, budgetTokens: number): Promise<MentionedText> {
  const marked = read(question);
  return recallMentioned({
    ...marked,
    search,
    resolver,
    budgetTokens,
    countTokens: (_, text) => 2 + text.split(/\s/u).length,
    readFile: (path) => {
      const text = files[path];
      return Promise.resolve(
        text === undefined
          ? { ok: false, skipped: { path, reason: 'disappeared' } }
          : { ok: true, text, bytes: text.length },
      );
    },
  });
}

describe('readMentions', () => {
  it.each([
    ['What is in @src/retry.ts?', 'What is in src/retry.ts?', 'src/retry.ts'],
    [
      '@"my notes/to do.md": what is left?',
      '"my notes/to do.md": what is left?',
      'my notes/to do.md',
    ],
    ['(see @Makefile)', '(see Makefile)', 'Makefile'],
    ['@ソース/設定.ts の上限は?', 'ソース/設定.ts の上限は?', 'ソース/設定.ts'],
    ['请解释@ソース/設定.ts里的上限', '请解释ソース/設定.ts里的上限', 'ソース/設定.ts'],
    ['@café/été.ts'.normalize('NFD'), 'café/été.ts'.normalize('NFD'), 'café/été.ts'],
    ['@app/[id]/page.tsx, please', 'app/[id]/page.tsx, please', 'app/[id]/page.tsx'],
    ['First\r\n@Makefile\r\nthen?', 'First\r\nMakefile\r\nthen?', 'Makefile'],
    ["@'src/retry.ts'", "'src/retry.ts'", 'src/retry.ts'],
  ])('finds the file of %j', (question, plain, path) => {
    expect(read(question)).toEqual({
      question: plain,
      mentioned: [{ kind: 'file', path, lines: null }],
    });
  });

  it.each([
    ['@src/retry.ts:3-7 why?', 'src/retry.ts'],
    ['@"my notes/to do.md":3-7 why?', 'my notes/to do.md'],
    ['@src/retry.ts#L3-L7', 'src/retry.ts'],
  ])('finds the lines of %j', (question, path) => {
    const lines = { from: 3, to: 7 };
    expect(read(question).mentioned).toEqual([{ kind: 'file', path, lines }]);
  });

  it.each([
    ['@src/a/', 'src/a/'],
    ['@src/a', 'src/a/'],
    ['What is @src/a/?', 'src/a/'],
    ['@"src/a/"', 'src/a/'],
  ])('finds the folder of %j', (question, path) => {
    const found = ['src/a/long.ts', 'src/a/short.ts'];
    expect(read(question).mentioned).toEqual([{ kind: 'folder', path, files: found }]);
  });

  it.each([
    ['What calls @retry?', 'What calls retry?', 'retry', 3],
    ['@retry() fails', 'retry() fails', 'retry', 3],
    ['@retry的定义', 'retry的定义', 'retry', 3],
    ['@上限は?', '上限は?', '上限', 1],
    ['@été'.normalize('NFD'), 'été'.normalize('NFD'), 'été', 1],
  ])('finds the definition of %j', (question, plain, name, line) => {
    const marked = read(question);
    expect(marked.question).toBe(plain);
    expect(marked.mentioned).toMatchObject([{ kind: 'symbol', name, places: [{ line }] }]);
  });

  it.each([
    'mail a@retry.org, npm@10, user@Makefile',
    'What does @dataclass do? @gone.ts @ @" @"" @/ @. @..',
    '@"src/retry.ts',
    '@"src\n/a"',
    'run() is called, @run is defined nowhere',
  ])('leaves %j as it is', (question) => {
    expect(read(question)).toEqual({ question, mentioned: [] });
  });

  it('takes each once, in the order of the question', () => {
    const { mentioned } = read('@retry @Makefile @retry @src/retry.ts @./Makefile');
    expect(mentioned.map((each) => (each.kind === 'symbol' ? each.name : each.path))).toEqual([
      'retry',
      'Makefile',
      'src/retry.ts',
    ]);
  });

  it('takes little time for a text of nothing but marks', () => {
    const begun = performance.now();
    read('@retry的'.repeat(5_000));
    read(`@${'的'.repeat(20_000)}`);
    read(' @"'.repeat(7_000));
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});

describe('recallMentioned', () => {
  it('reads a file whole, a definition with its block, and lines just as given', async () => {
    const { spans, notices } = await take('@Makefile @retry @src/a/long.ts:5-6', 300);
    expect(spans.map(({ path, fromLine, toLine }) => [path, fromLine, toLine])).toEqual([
      ['Makefile', 1, 2],
      ['src/retry.ts', 3, 7],
      ['src/a/long.ts', 5, 6],
    ]);
    expect(spans[1]?.text).toBe(files['src/retry.ts']?.split('\n').slice(2).join('\n'));
    expect(notices).toEqual([]);
  });

  it('says which lines were read of a file that does not fit', async () => {
    const { spans, tokens, notices } = await take('@src/a/long.ts', 100);
    expect(tokens).toBeLessThanOrEqual(100);
    const [span] = spans;
    expect(span?.fromLine).toBe(1);
    expect(notices).toEqual([
      `src/a/long.ts:1-200 does not fit in the working set: lines 1-${String(span?.toLine)} were read again. A higher loci.workingTokens makes room for more.`,
    ]);
  });

  it('keeps of it the lines that the question names', async () => {
    const { spans } = await take('What is v150 in @src/a/long.ts?', 100);
    expect(spans[0]?.text).toContain('const v150 = 150;');
    expect(spans[0]?.text).not.toContain('const v1 = 1;');
  });

  it('shares the room between mentions, and gives what one leaves to the next', async () => {
    const { spans, tokens } = await take('@Makefile @src/a/long.ts @src/a/short.ts', 120);
    expect(spans.map(({ path }) => path)).toEqual(['Makefile', 'src/a/long.ts', 'src/a/short.ts']);
    expect(tokens).toBeLessThanOrEqual(120);
    expect(spans[1]?.tokens).toBeGreaterThan(40);
  });

  it('reads the files of a folder that fit, and counts them', async () => {
    const { spans, notices } = await take('@src/a/', 100);
    expect(spans.map(({ path }) => path)).toEqual(['src/a/short.ts']);
    expect(notices).toEqual([
      'src/a/ does not fit in the working set: 1 of its 2 files were read again. A higher loci.workingTokens makes room for more.',
    ]);
  });

  it('says so where there is no room at all', async () => {
    const { spans, notices } = await take('@src/retry.ts', 0);
    expect(spans).toEqual([]);
    expect(notices).toEqual([
      'src/retry.ts:1-7 does not fit in the working set and was not read again. A higher loci.workingTokens makes room for more.',
    ]);
  });
});
