import { expect, test } from 'vitest';
import { languageNames, statedEncodings } from './stated-encodings.ts';

const names = new Map([
  ['ruby', ['.rb', 'Rakefile']],
  ['python', ['.py']],
  ['unnamed', []],
]);

function stated(encoding: unknown, languages: Readonly<Record<string, unknown>> = {}): unknown {
  const folder = { root: '/a', encoding, languages: new Map(Object.entries(languages)) };
  return statedEncodings([folder], names);
}

test('a folder whose files are UTF-8 states nothing', () => {
  expect(stated('utf8')).toEqual([]);
  expect(stated('utf8bom')).toEqual([]);
  expect(stated('utf8', { ruby: 'utf8' })).toEqual([]);
});

test.each([undefined, null, 7, '', 'klingon', 'cp437'])(
  'a setting that cannot be decoded with, %j, leaves the guess',
  (encoding) => {
    expect(stated(encoding, { ruby: encoding })).toEqual([]);
  },
);

test('a folder states an encoding for all its files, a language for its own', () => {
  expect(stated('windows1251', { ruby: 'shiftjis', python: 'utf8' })).toEqual([
    { root: '/a', names: [], encoding: 'windows-1251' },
    { root: '/a', names: ['.rb', 'Rakefile'], encoding: 'shift_jis' },
    { root: '/a', names: ['.py'], encoding: 'utf-8' },
  ]);
});

test('a language states an encoding where the folder states none', () => {
  expect(stated('utf8', { ruby: 'eucjp' })).toEqual([
    { root: '/a', names: ['.rb', 'Rakefile'], encoding: 'euc-jp' },
  ]);
});

test('a language without known names does not speak for all files', () => {
  expect(stated('utf8', { unnamed: 'eucjp', unknown: 'eucjp' })).toEqual([]);
});

test('each folder has its own', () => {
  const folder = (
    root: string,
    encoding: string,
  ): Parameters<typeof statedEncodings>[0][number] => ({
    root,
    encoding,
    languages: new Map(),
  });
  expect(
    statedEncodings([folder('/a', 'utf8'), folder('/b', 'koi8r'), folder('/c', 'gbk')], names),
  ).toEqual([
    { root: '/b', names: [], encoding: 'koi8-r' },
    { root: '/c', names: [], encoding: 'gbk' },
  ]);
});

test('the names of a language come from all manifests and from the associations', () => {
  const contributions = [
    [{ id: 'ruby', extensions: ['.rb'], filenames: ['Rakefile'] }, { id: 'plain' }],
    undefined,
    'nonsense',
    [{ extensions: ['.lost'] }, { id: 'ruby', extensions: ['.erb', ''] }, null],
  ];
  const associations = {
    '*.inc': 'php',
    '**/*.tpl': 'php',
    Buildfile: 'ruby',
    'src/*.x': 'ruby',
    '*.{a,b}': 'ruby',
    'lib?.z': 'ruby',
  };
  expect(Object.fromEntries(languageNames(contributions, associations))).toEqual({
    ruby: ['.rb', 'Rakefile', '.erb', 'Buildfile'],
    plain: [],
    php: ['.inc', '.tpl'],
  });
  expect(languageNames([], 7).size).toBe(0);
});
