import { expect, it } from 'vitest';
import { type CitationRequest, findCitations, type References } from './citations.ts';
import { PathResolver } from './path-resolver.ts';

const files: Readonly<Record<string, string>> = {
  'src/a.ts': [
    "import { loadPage } from './page';",
    '',
    'export const retryLimit = 4821;',
    'const other = 4821;',
    'export function region() {',
    '  return "north-west";',
    '}',
    'call(retryLimit);',
  ].join('\n'),
  'page.tsx': 'x\nx\nx\n',
  'my dir/util.ts': '1\n2\n3\n4\n',
  'util.ts': '1\n2\n3\n4\n',
  'src/b.ts': 'const far = "north-west";\n',
};

async function refer(
  question: string,
  answer: string,
  recalled: CitationRequest['recalled'],
): Promise<References> {
  return findCitations({
    question,
    answer,
    recalled,
    resolver: new PathResolver(Object.keys(files)),
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

async function cite(
  question: string,
  answer: string,
  recalled: CitationRequest['recalled'] = [{ path: 'src/a.ts', fromLine: 1, toLine: 8 }],
): Promise<string[]> {
  const { citations } = await refer(question, answer, recalled);
  return citations.map(({ path, line }) => `${path}:${String(line)}`);
}

it('is the line that holds the name and the answer, first', async () => {
  const found = await cite('What is the value of retryLimit?', '4821');
  expect(found[0]).toBe('src/a.ts:3');
  expect(await cite('Which module is loadPage imported from?', './page')).toEqual(['src/a.ts:1']);
});

it('is the answer’s line in the body below the name', async () => {
  expect((await cite('What does region return?', 'north-west'))[0]).toBe('src/a.ts:6');
  expect((await cite('What does region return?', '"north-west".'))[0]).toBe('src/a.ts:6');
});

it('is where the name is defined when the answer is a path', async () => {
  expect(await cite('Which file defines region?', 'src/a.ts')).toEqual(['src/a.ts:5']);
});

it('is not a line where the answer is part of something longer', async () => {
  const found = await cite('What is the value of retryLimit?', '482');
  expect(found).not.toContain('src/a.ts:4');
  expect(found[0]).toBe('src/a.ts:3');
});

it('is only from the lines that were recalled', async () => {
  const recalled = [{ path: 'src/a.ts', fromLine: 4, toLine: 8 }];
  expect(await cite('What is the value of retryLimit?', 'unknown', recalled)).toEqual([
    'src/a.ts:8',
  ]);
  expect(await cite('What is the value of retryLimit?', '4821', [])).toEqual([]);
});

it('is what the answer says, if there is such a line', async () => {
  const answer = 'See src/a.ts:5, src/a.ts:99, src/none.ts:1, src/b.ts:0 and src/b.ts:1.';
  expect(await cite('Explain', answer, [])).toEqual(['src/a.ts:5', 'src/b.ts:1']);
});

it('rests on the names in an answer that is prose', async () => {
  const answer = `It is set by the constant retryLimit, which ${'is used in many ways '.repeat(8)}.`;
  expect((await cite('How often is it tried again?', answer))[0]).toMatch(/^src\/a\.ts:[38]$/);
});

it('is nothing where nothing is there to cite', async () => {
  expect(await cite('What?', '')).toEqual([]);
  expect(await cite('What is zyzzyva?', 'nothing')).toEqual([]);
  const gone = [{ path: 'gone.ts', fromLine: 1, toLine: 9 }];
  expect(await cite('What is retryLimit?', '4821', gone)).toEqual([]);
});

it('is at most five lines', async () => {
  const answer = [1, 2, 3, 4, 5, 6, 7].map((line) => `src/a.ts:${String(line)}`).join(' ');
  expect(await cite('Explain', answer)).toHaveLength(5);
});

it('never cites a file whose path is the tail of what the answer says', async () => {
  expect(await cite('Explain', 'See app/[id]/page.tsx:3.', [])).toEqual([]);
  expect(await cite('Explain', 'See other\\util.ts:3 and éutil.ts:2.', [])).toEqual([]);
  expect(await cite('Explain', 'See my dir/util.ts:4.', [])).toEqual(['my dir/util.ts:4']);
  expect(await cite('Explain', 'See src\\a.ts:4.', [])).toEqual(['src/a.ts:4']);
});

it('reports each spelling of a file as it stands, with the lines that exist', async () => {
  const answer = '`src\\a.ts:3-5`, util.ts#L2, a.ts:99, src/none.ts:1 and my dir/util.ts';
  expect((await refer('Explain', answer, [])).mentions).toEqual([
    { text: 'src\\a.ts:3-5', path: 'src/a.ts', fromLine: 3, toLine: 5 },
    { text: 'util.ts#L2', path: 'util.ts', fromLine: 2, toLine: 2 },
    { text: 'a.ts', path: 'src/a.ts', fromLine: null, toLine: null },
    { text: 'my dir/util.ts', path: 'my dir/util.ts', fromLine: null, toLine: null },
  ]);
});
