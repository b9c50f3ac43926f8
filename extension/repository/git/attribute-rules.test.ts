import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gitMissing } from '../../../test/fixtures/git-missing.ts';
import { toBytePath } from '../disk/byte-path.ts';
import { AttributeRules, type AskedAttribute } from './attribute-rules.ts';
import { patternCorpus } from '../../../test/fixtures/pattern-corpus.ts';

type State = ReturnType<AttributeRules['stateOf']>;

/** Attributes files by folder, top first; `info` is the repository's own. */
type Files = Readonly<Record<string, string>>;

function rulesOf(files: Files, ignoreCase = false): AttributeRules {
  let rules = AttributeRules.none(ignoreCase);
  for (const [folder, text] of Object.entries(files)) {
    rules =
      folder === 'info'
        ? rules.extendShared(toBytePath(text), true)
        : rules.extend(toBytePath(folder), toBytePath(text));
  }
  return rules;
}

function generated(files: Files, path: string, ignoreCase = false): State {
  return rulesOf(files, ignoreCase).stateOf(toBytePath(path), 'linguist-generated');
}

describe('linguist-generated', () => {
  it.each<[text: string, path: string, expected: State]>([
    ['*.x linguist-generated', 'a.x', true],
    ['*.x linguist-generated=true', 'a.x', 'true'],
    ['*.x linguist-generated=false', 'a.x', 'false'],
    ['*.x -linguist-generated', 'a.x', false],
    ['*.x !linguist-generated', 'a.x', undefined],
    ['*.x linguist-generated', 'a.y', undefined],
    ['*.x linguist-generated', 'deep/er/a.x', true],
    ['/a.x linguist-generated', 'deep/a.x', undefined],
    ['out/* linguist-generated', 'out/deep/a.x', undefined],
    ['out/** linguist-generated', 'out/deep/a.x', true],
    ['out linguist-generated', 'out/a.x', undefined],
    ['out/ linguist-generated', 'out/a.x', undefined],
    ['*.x linguist-generated\n*.x -linguist-generated', 'a.x', false],
    ['*.x -linguist-generated\n*.x linguist-generated', 'a.x', true],
    ['* linguist-generated\na.x !linguist-generated', 'a.x', undefined],
    ['*.x linguist-generated -linguist-generated', 'a.x', false],
    ['*.x text eol=lf linguist-generated diff', 'a.x', true],
    ['\t *.x\tlinguist-generated \r\n', 'a.x', true],
    ['# *.x linguist-generated', '# *.x', undefined],
    ['!*.x linguist-generated', 'a.x', undefined],
    ['"a b.x" linguist-generated', 'a b.x', true],
    ['"\\303\\251.x" linguist-generated', 'é.x', true],
    ['"a\\"\\\\b" linguist-generated', 'a"b', true],
    ['\uFEFF*.x linguist-generated', 'a.x', true],
    ['*.x linguist-generated bad/name', 'a.x', undefined],
    ['*.x linguist-generated --', 'a.x', undefined],
    ['*.x linguist-generated builtin_objectmode', 'a.x', undefined],
    ['*.x Linguist-Generated', 'a.x', undefined],
    [`*.x linguist-generated ${'a'.repeat(2100)}`, 'a.x', undefined],
    ['[attr]made linguist-generated\n*.x made', 'a.x', true],
    ['[attr]made linguist-generated\n*.x -made', 'a.x', undefined],
    ['[attr]made linguist-generated\n*.x made\n*.x -made', 'a.x', undefined],
    ['[attr]made linguist-generated\n*.x made -linguist-generated', 'a.x', false],
    ['[attr]made tool\n[attr]tool linguist-generated made\n*.x made', 'a.x', true],
    ['[attr]made linguist-generated=false\n[attr]made linguist-generated\n*.x made', 'a.x', true],
    ['*.x made\n[attr]made linguist-generated', 'a.x', true],
    ['[attr] linguist-generated', '[attr]', undefined],
  ])('%j says of %s: %j', (text, path, expected) => {
    expect(generated({ '': text }, path)).toBe(expected);
  });

  it.each<[name: string, files: Files, path: string, expected: State]>([
    [
      'deeper files decide',
      { '': '* linguist-generated', 'a/': '*.x -linguist-generated' },
      'a/b.x',
      false,
    ],
    [
      'only below them',
      { '': '* linguist-generated', 'a/': '*.x -linguist-generated' },
      'b.x',
      true,
    ],
    ['not beside them', { 'a/': '*.x linguist-generated' }, 'ab/c.x', undefined],
    ['of one attribute', { '': '*.x linguist-generated', 'a/': '*.x text' }, 'a/b.x', true],
    ['a slash is relative', { 'a/': '/b.x linguist-generated' }, 'a/b.x', true],
    [
      'unspecified is final',
      { '': '* linguist-generated', 'a/': '* !linguist-generated' },
      'a/b',
      undefined,
    ],
    [
      'info is the last',
      { info: '*.x -linguist-generated', '': '* linguist-generated', 'a/': '* linguist-generated' },
      'a/b.x',
      false,
    ],
    [
      'info may use a macro',
      { info: '*.x made', '': '[attr]made linguist-generated' },
      'b.x',
      true,
    ],
    [
      'deeper files may use a macro',
      { '': '[attr]made linguist-generated', 'a/': '*.x made' },
      'a/b.x',
      true,
    ],
    [
      'deeper files define none',
      { 'a/': '[attr]made linguist-generated\n*.x made' },
      'a/b.x',
      undefined,
    ],
  ])('%s', (_name, files, path, expected) => {
    expect(generated(files, path)).toBe(expected);
  });

  it('folds the case of ASCII where names fold', () => {
    const files = { 'Sub/': '*.GEN linguist-generated' };
    expect(generated(files, 'sub/a.gen', true)).toBe(true);
    expect(generated(files, 'sub/a.gen', false)).toBe(undefined);
  });
});

describe.skipIf(gitMissing)('as git check-attr has it', () => {
  const attributes: readonly AskedAttribute[] = [
    'linguist-generated',
    'working-tree-encoding',
    'encoding',
  ];
  const folders = ['', 'dir/', 'a/', 'a/b/', 'src/dir/'];
  const names = ['a', 'b', 'ab', 'x.log', 'X.LOG', 'a b', '#a', '!a', 'a.ts', '1x', 'café', '[a]'];
  const paths = folders.flatMap((folder) => [...names, 'a-b', 'a"b'].map((name) => folder + name));
  const states = ['', '=true', '=false', '=CP1251'];
  const states2 = [
    'linguist-generated',
    '-linguist-generated',
    '!linguist-generated',
    'encoding=a',
  ];
  /** The corpus of patterns, each followed by attributes, and malformed lines. */
  const texts = [
    ...patternCorpus.map((text, index) =>
      text
        .split('\n')
        .map((line, place) => `${line} linguist-generated${states[(index + place) % 4] ?? ''}`)
        .join('\n'),
    ),
    ...['* a=b=c linguist-generated==', '* linguist-generated=', '* -linguist-generated=x'],
    ...['* encoding=utf-8 working-tree-encoding=UTF-16LE', '* -encoding !working-tree-encoding'],
    ...[
      '"a b" encoding=x',
      '"a b"encoding=x',
      '"a encoding=x',
      '"a\\q" encoding=x',
      '"a\\"b" encoding=x',
    ],
    ...[
      '"#a" encoding=x',
      '#a encoding=x',
      '"!a" encoding=x',
      '\\!a encoding=x',
      '"caf\\303\\251" encoding=x',
    ],
    ...[
      '* =x encoding=y',
      '* encoding=y -',
      '* encoding=y !',
      '* encoding=y a!b',
      '* encoding=y ä',
    ],
    ...['*\tencoding=y\r\n*.ts encoding=z\r', '[attr]m encoding=y\n* m', '* binary encoding=y'],
    ...states2.flatMap((one) => states2.map((two) => `* ${one}\na* ${two}`)),
    ...states2.flatMap((one) => states2.map((two) => `a* ${one} ${two}`)),
  ];
  let root: string;

  beforeAll(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'loci-attributes-')));
    execFileSync('git', ['-C', root, 'init', '-q']);
    for (const [index, text] of texts.entries()) {
      mkdirSync(join(root, `p${String(index)}`));
      writeFileSync(join(root, `p${String(index)}`, '.gitattributes'), text);
    }
  }, 60_000);

  afterAll(() => {
    rmSync(root, { recursive: true, force: true });
  }, 60_000);

  function askGit(asked: readonly string[], ignoreCase: boolean): string[] {
    const options = ['-c', `core.ignoreCase=${String(ignoreCase)}`, '-c', 'core.attributesFile='];
    const answer = execFileSync(
      'git',
      ['-C', root, ...options, 'check-attr', '-z', '--stdin', ...attributes],
      {
        input: asked.map((path) => `${path}\0`).join(''),
        maxBuffer: 1 << 28,
        stdio: ['pipe', 'pipe', 'ignore'],
      },
    );
    return answer
      .toString('utf8')
      .split('\0')
      .filter((_, place) => place % 3 === 2);
  }

  const inWords = (state: State): string =>
    state === undefined
      ? 'unspecified'
      : typeof state === 'string'
        ? state
        : state
          ? 'set'
          : 'unset';

  it.each([false, true])('with core.ignoreCase %j', (ignoreCase) => {
    const asked = texts.flatMap((_, index) => paths.map((path) => `p${String(index)}/${path}`));
    const expected = askGit(asked, ignoreCase);
    const rules = texts.map((text, index) => rulesOf({ [`p${String(index)}/`]: text }, ignoreCase));
    const found = asked.flatMap((path) => {
      const own = rules[Number(/^p(\d+)/.exec(path)?.[1])];
      return attributes.map((attribute) => inWords(own?.stateOf(toBytePath(path), attribute)));
    });
    const wrong = found.flatMap((state, place) => {
      const path = asked[Math.floor(place / attributes.length)] ?? '';
      const text = texts[Number(/^p(\d+)/.exec(path)?.[1])] ?? '';
      return state === expected[place]
        ? []
        : [`${JSON.stringify(text)}, ${path}: ${state}, not ${String(expected[place])}`];
    });
    expect(wrong).toEqual([]);
    expect(expected).toHaveLength(found.length);
    expect(expected.filter((state) => state !== 'unspecified').length).toBeGreaterThan(2000);
  });
});
