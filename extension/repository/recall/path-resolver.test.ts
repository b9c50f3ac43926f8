import { describe, expect, it } from 'vitest';
import { PathResolver } from './path-resolver.ts';
import { fastestMs } from '../../../test/tools/fastest.ts';

const root = { name: '', path: '/home/me/shop' };
const listing = [
  'Makefile',
  'Dockerfile',
  'LICENSE',
  '.env.example',
  'run',
  'a.ts',
  'src/a.ts',
  'util.ts',
  'dir/util.ts',
  'my dir/util.ts',
  'app/[id]/page.tsx',
  'page.tsx',
  'app/(shop)/cart.ts',
  'cart.ts',
  'src/$lib/x.ts',
  'src/c#.ts',
  'src/c',
  'src/c++.h',
  'café/été.ts',
  'été.ts',
  'té.ts',
  '中文/文件.py',
  'emoji/🚀.ts',
  'a%20b.ts',
  'c d.ts',
  'src/App.svelte',
  'config.properties',
  'packages/one/index.ts',
  'packages/two/index.ts',
  'src/__init__.py',
  'src/retry-policy.js',
  'README.md',
];
const resolver = new PathResolver(listing, [root]);

/** What a text names: `path`, `path:from`, `path:from-to`; several candidates with a bar. */
function named(text: string, paths = resolver): string[] {
  return paths.mentions(text).map(({ paths: found, lines }) => {
    const range =
      lines === null
        ? ''
        : `:${String(lines.from)}${lines.to === lines.from ? '' : `-${String(lines.to)}`}`;
    return found.join('|') + range;
  });
}

describe('the paths that a text names', () => {
  it.each([
    ['See app/[id]/page.tsx:3.', ['app/[id]/page.tsx:3']],
    ['my dir/util.ts:4', ['my dir/util.ts:4']],
    ['"my dir/util.ts"', ['my dir/util.ts']],
    ['open dir/util.ts', ['dir/util.ts']],
    ['app/(shop)/cart.ts:2', ['app/(shop)/cart.ts:2']],
    ['(see app/(shop)/cart.ts)', ['app/(shop)/cart.ts']],
    ['(shop)/cart.ts', ['app/(shop)/cart.ts']],
    ['[cart](app/(shop)/cart.ts)', ['app/(shop)/cart.ts']],
    ['src/$lib/x.ts:2', ['src/$lib/x.ts:2']],
    ['src\\a.ts:4', ['src/a.ts:4']],
    ['.\\dir\\util.ts', ['dir/util.ts']],
    ['src/c#.ts', ['src/c#.ts']],
    ['src/c++.h and src/c', ['src/c++.h', 'src/c']],
    ['café/été.ts:2', ['café/été.ts:2']],
    ['café/été.ts:2'.normalize('NFD'), ['café/été.ts:2']],
    ['中文/文件.py', ['中文/文件.py']],
    ['文件.py', ['中文/文件.py']],
    ['src/a.ts에서', ['src/a.ts']],
    ['emoji/🚀.ts', ['emoji/🚀.ts']],
    ['a%20b.ts:2', ['a%20b.ts:2']],
    ['c%20d.ts#L3', ['c d.ts:3']],
    ['my%20dir/util.ts', ['my dir/util.ts']],
    ['./dir/util.ts', ['dir/util.ts']],
    ['/dir/util.ts', ['dir/util.ts']],
    ['@dir/util.ts', ['dir/util.ts']],
    ['src/../dir/util.ts', ['dir/util.ts']],
    ['src/./a.ts', ['src/a.ts']],
    ['/home/me/shop/dir/util.ts:7', ['dir/util.ts:7']],
    ['shop/dir/util.ts', ['dir/util.ts']],
    ['file:///home/me/shop/my%20dir/util.ts', ['my dir/util.ts']],
    ['dir/util.ts#L3', ['dir/util.ts:3']],
    ['dir/util.ts#L3-L7', ['dir/util.ts:3-7']],
    ['dir/util.ts:3-7', ['dir/util.ts:3-7']],
    ['dir/util.ts:3:5', ['dir/util.ts:3']],
    ['dir/util.ts(3)', ['dir/util.ts:3']],
    ['line 3 of dir/util.ts', ['dir/util.ts:3']],
    ['lines 3 to 7 of `dir/util.ts`', ['dir/util.ts:3-7']],
    ['`dir/util.ts` line 3', ['dir/util.ts:3']],
    ['File "src/__init__.py", line 3', ['src/__init__.py:3']],
    ['Makefile:2', ['Makefile:2']],
    ['What does the Makefile do?', ['Makefile']],
    ['the makefile and the Dockerfile, LICENSE', ['Makefile', 'Dockerfile', 'LICENSE']],
    ['app.svelte', ['src/App.svelte']],
    ['config.properties', ['config.properties']],
    ['.env.example', ['.env.example']],
    ['readme.md#usage', ['README.md']],
    ['index.ts', ['packages/one/index.ts|packages/two/index.ts']],
    ['one/index.ts', ['packages/one/index.ts']],
    ['`run` and run:3', ['run', 'run:3']],
    ['“util.ts”, «a.ts», <cart.ts>', ['util.ts', 'a.ts', 'cart.ts']],
    ['__init__.py', ['src/__init__.py']],
    ["a.ts's value is 3.", ['a.ts']],
    ['**a.ts**', ['a.ts']],
  ])('%s', (text, expected) => {
    expect(named(text)).toEqual(expected);
  });

  it.each([
    'You can run it. Run it!',
    'éa.ts',
    'éa.ts'.normalize('NFD'),
    '🚀a.ts',
    'other/a.ts',
    'other\\a.ts:3',
    '/etc/a/a.ts',
    '../a.ts',
    '../../src/a.ts',
    'https://example.com/x/src/a.ts',
    'a.ts.bak',
    'a.tsx',
    'x-a.ts',
    '$a.ts',
    'a.ts/b',
    'license to build',
    'app/[slug]/page.tsx',
    'xapp/(shop)/cart.ts',
    'me%2Fa.ts',
    '%20a.ts',
  ])('%s names none', (text) => {
    expect(named(text)).toEqual([]);
  });
});

describe('case, Unicode forms and roots', () => {
  it('takes what is written just so, then the only other one', () => {
    const paths = new PathResolver(['src/Util.ts', 'src/util.ts', 'Lib.ts']);
    expect(named('src/Util.ts src/util.ts lib.ts', paths)).toEqual([
      'src/Util.ts',
      'src/util.ts',
      'Lib.ts',
    ]);
    expect(named('src/UTIL.ts', paths)).toEqual(['src/Util.ts|src/util.ts']);
    const forms = new PathResolver(['é.ts', 'é.ts'.normalize('NFD')]);
    expect(forms.mentions('é.ts'.normalize('NFD'))[0]?.paths).toEqual(['é.ts'.normalize('NFD')]);
  });

  it('knows each root by its own path', () => {
    const paths = new PathResolver(
      ['app/a.ts', 'app-2/a.ts'],
      [
        { name: 'app', path: '/x/app' },
        { name: 'app-2', path: '/y/app' },
      ],
    );
    expect(named('/y/app/a.ts /x/app/a.ts app-2/a.ts', paths)).toEqual([
      'app-2/a.ts',
      'app/a.ts',
      'app-2/a.ts',
    ]);
    expect(named('/z/app/a.ts', paths)).toEqual([]);
  });
});

/** Numbers that look random and are the same each time. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const quotings: readonly ((path: string) => string)[] = [
  (path) => `Look at \`${path}\`, please`,
  (path) => `"${path}"`,
  (path) => `“${path}”`,
  (path) => `«${path}»`,
  (path) => `<${path}>`,
  (path) => `[it](${path})`,
  (path) => `(${path})`,
  (path) => `${path}:12`,
  (path) => `${path}#L12`,
  (path) => `./${path}`,
  (path) => `/home/me/shop/${path}`,
  (path) => `file:///home/me/shop/${path.split('/').map(encodeURIComponent).join('/')}`,
  (path) => path.normalize('NFD'),
  (path) => path.replaceAll('/', '\\'),
];

it('resolves every path in every quoting to itself and to nothing else', () => {
  const random = randomNumbers(7);
  const pieces = [
    'a',
    'util',
    'my dir',
    '(x)',
    '[id]',
    '$lib',
    'c#',
    'é',
    '中文',
    '🚀',
    'b+c',
    '한글',
  ];
  const extensions = ['.ts', '.svelte', '.properties', '.d.ts', '.é'];
  const pick = (from: readonly string[]): string => from[random(from.length)] ?? '';
  for (let round = 0; round < 40; round++) {
    const paths = [
      ...new Set(
        Array.from({ length: 60 }, () => {
          const folders = Array.from({ length: random(4) }, () => `${pick(pieces)}/`);
          return `${folders.join('')}${pick(pieces)}${pick(extensions)}`;
        }),
      ),
    ];
    const random2 = new PathResolver(paths, [root]);
    for (const path of paths) {
      for (const quote of quotings) {
        const found = random2.mentions(quote(path)).map((mention) => mention.paths);
        expect(found, quote(path)).toEqual([[path]]);
      }
    }
  }
});

it('takes milliseconds for any text and a hundred thousand paths', () => {
  const paths = Array.from(
    { length: 100_000 },
    (_, index) => `packages/p${String(index % 977)}/src/dir${String(index)}/index.ts`,
  );
  paths.push(`${'a.'.repeat(100)}ts`, 'a', '....');
  const many = new PathResolver(paths);
  many.mentions('index.ts');
  for (const text of [
    'a',
    '.',
    'a.',
    '/',
    '../',
    './',
    '\\',
    '`',
    '“',
    '%20',
    'é',
    'index.ts ',
    '(',
    ':1',
  ]) {
    const milliseconds = fastestMs(1500, () => {
      many.mentions(text.repeat(Math.ceil(40_000 / text.length)));
    });
    expect(milliseconds, text).toBeLessThan(1500);
  }
});
