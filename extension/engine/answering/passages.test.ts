import { describe, expect, it } from 'vitest';
import { PathResolver } from '../../repository/recall/path-resolver.ts';
import { SearchIndex } from '../../repository/recall/search-index.ts';
import type { Answer } from '../../protocol/answer.ts';
import { answerWithPassages } from './passages.ts';

const files: Readonly<Record<string, string>> = {
  'src/retry-policy.ts':
    'export const MAX_RETRIES = 5;\n\nexport function backOff() {\n  return 1;\n}\n',
  'my dir/[id]/page.tsx': 'import { backOff } from "../retry";\nbackOff();\n',
  'a.py': 'limit = 1\n',
  'b.py': 'limit = 2\n',
  'docs/größe.md': '# Parcels\n\nThe weight of a parcel decides its price.\n',
  'long.ts': `function long() {\n${'  work();\n'.repeat(40)}  needle();\n${'  work();\n'.repeat(40)}}\n`,
};

/** Asks about the original files after some have changed on disk; null: deleted. */
async function ask(
  question: string,
  changes: Readonly<Record<string, string | null>> = {},
): Promise<Answer> {
  const search = new SearchIndex();
  for (const [path, text] of Object.entries(files)) search.add(path, text);
  const source = {
    search,
    resolver: new PathResolver(search.paths),
    incompleteness: () => [],
    readFile: (path: string) => {
      const text = changes[path] === undefined ? files[path] : changes[path];
      return Promise.resolve(
        text === undefined || text === null
          ? ({ ok: false, skipped: { path, reason: 'disappeared' } } as const)
          : ({ ok: true, text, bytes: text.length } as const),
      );
    },
  };
  const signal = new AbortController().signal;
  return answerWithPassages(source, question, { signal, askedAt: performance.now() });
}

describe('answerWithPassages', () => {
  it('says where a name is defined, and shows the block', async () => {
    const { answer, passages } = await ask('Where is backOff defined?');
    expect(answer).toBe('backOff is defined in src/retry-policy.ts:3.');
    expect(passages[0]).toEqual({
      path: 'src/retry-policy.ts',
      fromLine: 3,
      toLine: 5,
      line: 3,
      text: 'export function backOff() {\n  return 1;\n}',
    });
  });

  it('claims nothing of a name that is defined twice', async () => {
    const { answer, passages } = await ask('Where is limit defined?');
    expect(answer).toBe('Here is where I would look:');
    expect(passages.map(({ path }) => path).sort()).toEqual(['a.py', 'b.py']);
  });

  it.each([
    ['What is the value of MAX_RETRIEZ?', '“MAX_RETRIEZ” does not occur in what was read.'],
    ['How do `fooBar` and `bazQux` differ?', '“fooBar”, “bazQux” do not occur in what was read.'],
  ])('says what does not occur: %s', async (question, sentence) => {
    expect((await ask(question)).answer.startsWith(sentence)).toBe(true);
  });

  it('says that nothing fits', async () => {
    const { answer, passages } = await ask('zzzz qqqq');
    expect(passages).toEqual([]);
    expect(answer).toBe(
      'Nothing in this repository matches the question. Name a function, a constant or a file.',
    );
  });

  it('finds prose by its words, and marks the line that has most of them', async () => {
    const { passages } = await ask('What decides the price of parcels?');
    expect(passages[0]).toMatchObject({ path: 'docs/größe.md', line: 3 });
  });

  it('cuts a long block around the line', async () => {
    const [passage] = (await ask('Where is needle used?')).passages;
    expect(passage).toMatchObject({ path: 'long.ts', line: 42 });
    expect(passage?.text.split('\n')).toHaveLength(12);
    expect(passage?.text).toContain('needle();');
  });

  it('shows a file as it is now, and says that it has changed', async () => {
    const changed = `// new\n// lines\n${files['src/retry-policy.ts'] ?? ''}`;
    const { answer, passages, notices } = await ask('Where is backOff defined?', {
      'src/retry-policy.ts': changed,
    });
    expect(passages[0]).toMatchObject({ path: 'src/retry-policy.ts', line: 5 });
    expect(answer).toBe('backOff is defined in src/retry-policy.ts:5.');
    expect(notices).toEqual(['src/retry-policy.ts has changed since the repository was read.']);
  });

  it('leaves out a file that is gone', async () => {
    const { answer, passages } = await ask('Where is backOff defined?', {
      'src/retry-policy.ts': null,
    });
    expect(answer).toBe('Here is where I would look:');
    expect(passages.map(({ path }) => path)).toEqual(['my dir/[id]/page.tsx']);
  });
});
