import { expect, test } from 'vitest';
import {
  encodingExamples,
  statedEncodingSchema,
  statedFor,
  textEncoding,
  type StatedEncoding,
} from './encodings.ts';

/** All that VS Code offers as `files.encoding`; null: what `TextDecoder` does not decode. */
const editorNames: readonly (readonly [name: string, expected: string | null])[] = [
  ['utf8', 'utf-8'],
  ['utf8bom', 'utf-8'],
  ['utf16le', 'utf-16le'],
  ['utf16be', 'utf-16be'],
  ['windows1252', 'windows-1252'],
  ['iso88591', 'windows-1252'],
  ['iso88593', 'iso-8859-3'],
  ['iso885915', 'iso-8859-15'],
  ['macroman', 'macintosh'],
  ['cp437', null],
  ['windows1256', 'windows-1256'],
  ['iso88596', 'iso-8859-6'],
  ['windows1257', 'windows-1257'],
  ['iso88594', 'iso-8859-4'],
  ['iso885914', 'iso-8859-14'],
  ['windows1250', 'windows-1250'],
  ['iso88592', 'iso-8859-2'],
  ['cp852', null],
  ['windows1251', 'windows-1251'],
  ['cp866', 'ibm866'],
  ['cp1125', null],
  ['iso88595', 'iso-8859-5'],
  ['koi8r', 'koi8-r'],
  ['koi8u', 'koi8-u'],
  ['iso885913', 'iso-8859-13'],
  ['windows1253', 'windows-1253'],
  ['iso88597', 'iso-8859-7'],
  ['windows1255', 'windows-1255'],
  ['iso88598', 'iso-8859-8'],
  ['iso885910', 'iso-8859-10'],
  ['windows1254', 'windows-1254'],
  ['iso88599', 'windows-1254'],
  ['windows1258', 'windows-1258'],
  ['gbk', 'gbk'],
  ['gb18030', 'gb18030'],
  ['cp950', 'big5'],
  ['big5hkscs', 'big5'],
  ['shiftjis', 'shift_jis'],
  ['eucjp', 'euc-jp'],
  ['euckr', 'euc-kr'],
  ['windows874', 'windows-874'],
  ['iso885911', 'windows-874'],
  ['koi8ru', 'koi8-u'],
  ['koi8t', null],
  ['gb2312', 'gbk'],
  ['cp865', null],
  ['cp850', null],
];

test.each(editorNames)('VS Code’s %s is %s', (name, expected) => {
  expect(textEncoding(name)).toBe(expected);
});

test.each([
  ['CP1251', 'windows-1251'],
  ['WINDOWS-1251', 'windows-1251'],
  ['ISO_8859-2', 'iso-8859-2'],
  ['ISO-8859-15', 'iso-8859-15'],
  ['LATIN1', 'windows-1252'],
  ['latin2', 'iso-8859-2'],
  ['SHIFT-JIS', 'shift_jis'],
  ['SJIS', 'shift_jis'],
  ['CP932', 'shift_jis'],
  ['EUC-JP', 'euc-jp'],
  ['ISO-2022-JP', 'iso-2022-jp'],
  ['EUC-KR', 'euc-kr'],
  ['UHC', 'euc-kr'],
  ['CP949', 'euc-kr'],
  ['EUC-CN', 'gbk'],
  ['CP936', 'gbk'],
  ['GB18030', 'gb18030'],
  ['BIG5', 'big5'],
  ['KOI8-R', 'koi8-r'],
  ['CP866', 'ibm866'],
  ['CP874', 'windows-874'],
  ['MACINTOSH', 'macintosh'],
  ['MAC-CYRILLIC', 'x-mac-cyrillic'],
  ['UTF-8', 'utf-8'],
  ['UTF-16', 'utf-16le'],
  ['UTF-16LE-BOM', 'utf-16le'],
  ['UTF-16BE-BOM', 'utf-16be'],
])('git’s and iconv’s %s is %s', (name, expected) => {
  expect(textEncoding(name)).toBe(expected);
});

test.each(['', ' ', 'klingon', 'windows', 'windows-1260', 'iso-8859-99', 'utf-99'])(
  '%j is no encoding',
  (name) => {
    expect(textEncoding(name)).toBe(null);
    const stated = { root: null, names: [], encoding: name };
    expect(statedEncodingSchema.safeParse(stated).success).toBe(false);
  },
);

test('what is named as an example is known by that name', () => {
  expect(encodingExamples.map(textEncoding)).toEqual(encodingExamples);
});

test('the later decides for a file, by the end of its name or by all of it', () => {
  const stated: StatedEncoding[] = [
    { root: null, names: [], encoding: 'windows-1251' },
    { root: null, names: ['.rb', 'Rakefile'], encoding: 'shift_jis' },
    { root: null, names: ['.html.rb', '.py'], encoding: 'utf-8' },
  ];
  const found = ['a.c', 'a.rb', 'A.RB', 'rakefile', 'myrakefile', 'a.html.rb', 'a.py'].map((name) =>
    statedFor(stated, name),
  );
  expect(found).toEqual([
    'windows-1251',
    'shift_jis',
    'shift_jis',
    'shift_jis',
    'windows-1251',
    null,
    null,
  ]);
  expect(statedFor([], 'a.c')).toBe(null);
});
