import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLayout } from '../stream/layout.ts';
import { readText } from '../files/read.ts';
import { createRepositoryStream } from '../stream/stream.ts';
import type { StreamIndex } from '../stream/stream-index.ts';
import { WordTokenizer, wordTokens } from '../../../test/fixtures/word-tokenizer.ts';
import { walkRepository } from '../files/walk.ts';
import { recall, type RecallRequest, type RecallResult } from './recall.ts';
import { SearchIndex } from './search-index.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'loci-recall-'));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

async function write(texts: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(texts)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

interface Repository {
  readonly index: StreamIndex;
  ask(question: string, more?: Partial<RecallRequest>): Promise<RecallResult>;
  /** Attention to the tokens of one line alone. */
  attentionTo(path: string, line: number): Float32Array;
}

/** Reads a repository as the engine does: listed, streamed, indexed. */
async function repositoryOf(texts: Readonly<Record<string, string>>): Promise<Repository> {
  await write(texts);
  const tokenizer = new WordTokenizer();
  const layout = createLayout(tokenizer, wordTokens);
  const search = new SearchIndex();
  const { files } = await walkRepository([root]);
  const { index, chunks } = (() => {
    const stream = createRepositoryStream(files, {
      tokenizer,
      layout,
      name: 'sample',
      prologue: new Int32Array(0),
      chunkTokens: 512,
      onText: (path, text) => {
        search.add(path, text);
      },
    });
    return { index: stream.index, chunks: stream.chunks() };
  })();
  for await (const chunk of chunks) expect(chunk.tokens.length).toBeGreaterThan(0);
  return {
    index,
    ask: (question, more = {}) =>
      recall({
        question,
        mode: 'both',
        index,
        attention: null,
        search,
        budgetTokens: 700,
        countTokens: (path, text) => layout.fileHeader(path).length + layout.content(text).length,
        readFile: (path) => readText({ path, absolutePath: join(root, path) }),
        ...more,
      }),
    attentionTo: (path, line) => {
      const attention = new Float32Array(index.tokens);
      const { contentFrom = 0, to = 0 } = index.fileOf(path) ?? {};
      const lines = index.lines(contentFrom, to);
      lines.forEach((each, offset) => {
        if (each === line) attention[contentFrom + offset] = 1;
      });
      return attention;
    },
  };
}

/** A file of unrelated functions, with one line among them. */
function among(line: string, functions = 60): string {
  const filler = (index: number): string =>
    `function helper${String(index)}(input) {\n  return input + ${String(index)};\n}\n\n`;
  const all = Array.from({ length: functions }, (_, index) => filler(index));
  all.splice(functions >> 1, 0, `${line}\n\n`);
  return all.join('');
}

function pathsOf({ spans }: RecallResult): string[] {
  return spans.map(({ path }) => path);
}

describe('by identifiers', () => {
  it('takes a small file whole, and nothing else', async () => {
    const repository = await repositoryOf({
      'a.ts': 'const other = 1;\n',
      'b.ts': 'const retryLimit = 4821;\nconst x = 2;\n',
      'c.ts': 'const retryLimits = 5;\n',
    });
    expect(await repository.ask('What is the value of retryLimit?')).toMatchObject({
      spans: [{ path: 'b.ts', fromLine: 1, toLine: 2, signal: 'identifiers', score: 1 }],
      notices: [],
    });
  });

  it('takes the lines around the definition from a large file', async () => {
    const text = among('export const retryLimit = 4821;');
    const repository = await repositoryOf({ 'a.ts': text, 'b.ts': among('retryLimit();') });
    const { spans, tokens } = await repository.ask('What is the value of retryLimit?');
    expect(spans).toHaveLength(1);
    const [span] = spans;
    expect(span?.path).toBe('a.ts');
    expect(span?.text).toContain('retryLimit = 4821');
    const lines = text.split('\n').slice((span?.fromLine ?? 0) - 1, span?.toLine);
    expect(span?.text).toBe(lines.map((line) => `${line}\n`).join(''));
    expect(tokens).toBe(span?.tokens);
    expect(tokens).toBeGreaterThanOrEqual(100);
    expect(tokens).toBeLessThanOrEqual(350);
  });

  it('finds where a name is imported or used when that is asked', async () => {
    const repository = await repositoryOf({
      'define.ts': 'export function loadPage() {}\n',
      'import.ts': "import { loadPage } from './define';\n",
      'use.ts': 'export const start = () => loadPage();\n',
    });
    const best = async (question: string): Promise<string | undefined> =>
      pathsOf(await repository.ask(question))[0];
    expect(await best('Which file defines loadPage?')).toBe('define.ts');
    expect(await best('Which module is loadPage imported from?')).toBe('import.ts');
    expect(await best('Who calls loadPage?')).toBe('use.ts');
  });

  it('prefers the place where the question’s other words are, too', async () => {
    const repository = await repositoryOf({
      'a.ts': 'function load(size, limit = 10) {}\n',
      'b.ts': 'function fetchPage(size, limit = 20) {}\n',
      'c.ts': 'const limit = 30;\n',
    });
    const asked = await repository.ask('What is the default value of limit in fetchPage?');
    expect(pathsOf(asked)).toEqual(['b.ts']);
  });

  it('finds an ordinary word that is a name, and a file by its path', async () => {
    const repository = await repositoryOf({
      'src/a.ts': 'function region() {\n  return 42;\n}\n',
      'src/b.ts': '// the region of a map\nlet map;\n',
    });
    expect(pathsOf(await repository.ask('What does region return?'))).toEqual(['src/a.ts']);
    expect(pathsOf(await repository.ask('What is in b.ts?'))).toEqual(['src/b.ts']);
    expect(pathsOf(await repository.ask('Explain src/b.ts'))).toEqual(['src/b.ts']);
  });

  it('finds a name that is as common a word as any', async () => {
    const repository = await repositoryOf({
      'a.ts': "import { many } from './b';\n",
      'c.ts': '// as many as there are\n',
    });
    expect(pathsOf(await repository.ask('Where is many imported from?'))).toEqual(['a.ts']);
  });

  it('takes the few best of several that are as good', async () => {
    const texts = Object.fromEntries(
      Array.from({ length: 8 }, (_, file) => [`${String(file)}.ts`, 'const timeoutMs = 1;\n']),
    );
    const { spans } = await (await repositoryOf(texts)).ask('What is timeoutMs?');
    expect(spans.map(({ path }) => path)).toEqual(['0.ts', '1.ts', '2.ts']);
  });

  it('falls back to the words of a question that names nothing', async () => {
    const repository = await repositoryOf({
      'a.ts': among('const unrelated = 1;'),
      'b.ts': among('function parseConfigFile(path) {\n  return JSON.parse(path);\n}'),
    });
    const { spans } = await repository.ask('How is the configuration file parsed, the config?');
    expect(spans[0]?.path).toBe('b.ts');
    expect(spans[0]?.text).toContain('parseConfigFile');
  });

  it('finds nothing where there is nothing', async () => {
    const repository = await repositoryOf({ 'a.ts': 'const a = 1;\n', 'empty.ts': '' });
    const nothing = { spans: [], tokens: 0, notices: [], files: null };
    expect(await repository.ask('What is zyzzyva?')).toEqual(nothing);
    expect(await repository.ask('What?')).toEqual(nothing);
    expect(await repository.ask('')).toEqual(nothing);
    expect(await repository.ask('What is in empty.ts?')).toEqual(nothing);
  });
});

describe('by attention', () => {
  const texts = { 'a.ts': among('let first;'), 'b.ts': among('let second;') };

  it('takes the lines that are attended to', async () => {
    const repository = await repositoryOf(texts);
    const attention = repository.attentionTo('b.ts', 121);
    const { spans } = await repository.ask('What happens?', { mode: 'attention', attention });
    expect(spans).toMatchObject([{ path: 'b.ts', signal: 'attention' }]);
    expect(spans[0]?.text).toContain('let second;');
  });

  it('does not outvote an exact name, but joins it', async () => {
    const repository = await repositoryOf({ ...texts, 'a-rare.ts': 'const rareName = 1;\n' });
    const wrong = repository.attentionTo('b.ts', 121);
    const question = 'What is rareName?';
    expect(await repository.ask(question, { attention: wrong })).toMatchObject({
      spans: [{ path: 'a-rare.ts', signal: 'identifiers' }],
    });
    const right = repository.attentionTo('a-rare.ts', 1);
    expect(await repository.ask(question, { attention: right })).toMatchObject({
      spans: [{ path: 'a-rare.ts', signal: 'both' }],
    });
  });

  it('breaks a tie between exact names', async () => {
    const same = 'const timeoutMs = 1;\n';
    const repository = await repositoryOf({ 'a.ts': same, 'b.ts': same, 'c.ts': same });
    const attention = repository.attentionTo('b.ts', 1);
    expect((await repository.ask('What is timeoutMs?', { attention })).spans[0]?.path).toBe('b.ts');
  });

  it('is not used by the mode identifiers, nor names by the mode attention', async () => {
    const repository = await repositoryOf({ ...texts, 'c.ts': 'const rareName = 1;\n' });
    const attention = repository.attentionTo('b.ts', 121);
    const paths = async (mode: RecallRequest['mode']): Promise<string[]> =>
      pathsOf(await repository.ask('What is rareName?', { mode, attention }));
    expect(await paths('identifiers')).toEqual(['c.ts']);
    expect(await paths('attention')).toEqual(['b.ts']);
    expect(await paths('off')).toEqual([]);
  });
});

describe('the budget', () => {
  it('is never exceeded', async () => {
    const repository = await repositoryOf({
      'a.ts': among('const timeoutMs = 1;'),
      'b.ts': among('const timeoutMs = 2;'),
      'c.ts': among('const timeoutMs = 3;', 4),
    });
    for (const budgetTokens of [0, 1, 5, 12, 20, 50, 100, 200, 400, 800, 5000]) {
      const { spans, tokens } = await repository.ask('What is timeoutMs?', { budgetTokens });
      expect(tokens).toBeLessThanOrEqual(budgetTokens);
      expect(tokens).toBe(spans.reduce((sum, span) => sum + span.tokens, 0));
      if (budgetTokens >= 20) expect(spans[0]?.text).toContain('timeoutMs');
    }
  });
});

describe('a file that is not what it was', () => {
  const question = 'What is the value of retryLimit?';

  it('is read as it is now, found again, and its change is said', async () => {
    const repository = await repositoryOf({ 'a.ts': among('const retryLimit = 1;') });
    await write({ 'a.ts': '// new\n'.repeat(80) + among('const retryLimit = 2;') });
    const { spans, notices } = await repository.ask(question);
    expect(spans[0]?.text).toContain('retryLimit = 2');
    expect(notices).toEqual(['a.ts has changed since the repository was read.']);
  });

  it('may have become shorter than its hits', async () => {
    const repository = await repositoryOf({ 'a.ts': among('const retryLimit = 1;') });
    await write({ 'a.ts': 'let a;\n' });
    const { spans, notices } = await repository.ask(question);
    expect(spans).toMatchObject([{ fromLine: 1, toLine: 1 }]);
    expect(notices).toHaveLength(1);
  });

  it('is said to be gone, or to be readable no more', async () => {
    const repository = await repositoryOf({ 'a.ts': 'const retryLimit = 1;\n' });
    await writeFile(join(root, 'a.ts'), Uint8Array.from([0, 1, 2]));
    expect(await repository.ask(question)).toEqual({
      spans: [],
      tokens: 0,
      notices: ['a.ts can no longer be read since the repository was read.'],
      files: null,
    });
    await rm(join(root, 'a.ts'));
    expect((await repository.ask(question)).notices).toEqual([
      'a.ts is gone since the repository was read.',
    ]);
  });
});

it('rejects with the reason of its signal', async () => {
  const repository = await repositoryOf({ 'a.ts': 'const retryLimit = 1;\n' });
  const reason = new Error('stop');
  const asking = repository.ask('What is retryLimit?', { signal: AbortSignal.abort(reason) });
  await expect(asking).rejects.toBe(reason);
});
