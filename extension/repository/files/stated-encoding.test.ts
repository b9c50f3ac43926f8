import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encode } from '../../../test/fixtures/encode.ts';
import type { StatedEncoding } from '../../protocol/encodings.ts';
import { readText } from './read.ts';
import { decodeText, detectEncoding } from './text-encoding.ts';
import { walkRepository } from './walk.ts';

const code = 'int length(const char *text) {\n  return 0;\n}\n';

/** Too short, or too similar to another language, to guess. */
const unguessable: readonly (readonly [encoding: string, text: string])[] = [
  ['windows-1250', '// ľšč\n'],
  ['windows-1251', '// да\n'],
  ['windows-1253', '// ναι\n'],
  ['windows-1254', '// şı\n'],
  ['windows-1255', '// כן\n'],
  ['windows-1256', '// نعم\n'],
  ['windows-1257', '// ąė\n'],
  ['windows-874', '// ใช่\n'],
  ['iso-8859-2', '// ľšč\n'],
  ['iso-8859-5', '// да\n'],
  ['iso-8859-7', '// ναι\n'],
  ['iso-8859-15', '// 5 €\n'],
  ['koi8-r', '// да\n'],
  ['koi8-u', '// її\n'],
  ['ibm866', '// да\n'],
  ['macintosh', '// déjà\n'],
  ['x-mac-cyrillic', '// да\n'],
  ['shift_jis', '// 値\n'],
  ['euc-jp', '// 値\n'],
  ['gb18030', '// 长\n'],
  ['gbk', '// 长\n'],
  ['big5', '// 值\n'],
  ['euc-kr', '// 값\n'],
];

describe('detectEncoding with a stated encoding', () => {
  it.each(unguessable)('takes %s for %j', (encoding, comment) => {
    const bytes = encode(comment + code, encoding);
    expect(detectEncoding(bytes, encoding)).toBe(encoding);
    expect(decodeText(bytes, encoding)).toBe(comment + code);
  });

  it('is better than the guess for most of these', () => {
    const guessed = unguessable.filter(
      ([encoding, comment]) => decodeText(encode(comment + code, encoding)) === comment + code,
    );
    expect(guessed.length).toBeLessThan(unguessable.length / 2);
  });

  it.each(['utf-16le', 'utf-16be'])('takes %s that has no mark and few line ends', (encoding) => {
    const text = `${'文字列の長さを返します。失敗した場合は例外を投げます'.repeat(3)}\n`;
    const little = Buffer.from(text, 'utf16le');
    const bytes = Uint8Array.from(encoding === 'utf-16le' ? little : Buffer.from(little).swap16());
    expect(detectEncoding(bytes)).not.toBe(encoding);
    expect(detectEncoding(bytes, encoding)).toBe(encoding);
    expect(decodeText(bytes, encoding)).toBe(text);
  });

  const statements = ['windows-1251', 'shift_jis', 'utf-16le', 'utf-16be'];

  it.each(statements)('leaves UTF-8 to itself under %s', (stated) => {
    for (const text of [code, `// Größe\n${code}`, '// 長さを返します\n', `\uFEFF${code}`, '']) {
      expect(detectEncoding(Uint8Array.from(Buffer.from(text)), stated)).toBe('utf-8');
    }
    const broken = Uint8Array.from([...Buffer.from('Größe für Übertragung\n'.repeat(9)), 0xe9]);
    expect(detectEncoding(broken, stated)).toBe('utf-8');
  });

  it.each(statements)('leaves UTF-16 with a mark to its mark under %s', (stated) => {
    const little = Buffer.from(`\uFEFF// Größe\n${code}`, 'utf16le');
    expect(detectEncoding(Uint8Array.from(little), stated)).toBe('utf-16le');
    expect(detectEncoding(Uint8Array.from(Buffer.from(little).swap16()), stated)).toBe('utf-16be');
  });

  it.each(statements)('leaves out what is no text under %s', (stated) => {
    const images = [
      '\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x04\0\0\0\x03\0\x08\x06',
      '\x7fELF\x02\x01\0\0',
    ];
    for (const image of images) {
      expect(detectEncoding(Uint8Array.from(Buffer.from(image, 'latin1')), stated)).toBe(null);
    }
    let state = 7;
    const noise = Uint8Array.from({ length: 2_000 }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state >>> 24 || 1;
    });
    expect(detectEncoding(noise, stated)).toBe(null);
  });

  it('guesses where a file is not in what is stated', () => {
    const comment = '// Возвращает длину строки, если запрос выполнен успешно\n';
    const bytes = encode(comment + code, 'windows-1251');
    expect(detectEncoding(bytes, 'euc-jp')).toBe('windows-1251');
  });
});

describe('a listing', () => {
  let root: string;

  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'loci-stated-')));
    for (const folder of ['one', 'two']) {
      await mkdir(join(root, folder));
      for (const name of ['a.c', 'b.rb']) {
        await writeFile(join(root, folder, name), encode(`// да\n${code}`, 'koi8-r'));
      }
      await writeFile(join(root, folder, 'c.c'), `// да\n${code}`);
    }
  });

  afterEach(async () => {
    await rm(root, { recursive: true, force: true });
  });

  /** The files whose first line decodes as it was written. */
  async function readWell(encodings: readonly StatedEncoding[]): Promise<string[]> {
    const roots = [join(root, 'one'), join(root, 'two')];
    const { files } = await walkRepository(roots, { encodings });
    const texts = await Promise.all(files.map((file) => readText(file)));
    return files
      .filter((_, index) => {
        const text = texts[index];
        return text?.ok === true && text.text.startsWith('// да\n');
      })
      .map(({ path }) => path);
  }

  const everything = ['a.c', 'b.rb', 'c.c']
    .flatMap((name) => [`one/${name}`, `two/${name}`])
    .sort();

  it('is read in the encoding that is stated for all, for a folder or for some names', async () => {
    const encoding = 'koi8-r';
    expect(await readWell([])).toEqual(['one/c.c', 'two/c.c']);
    expect((await readWell([{ root: null, names: [], encoding }])).sort()).toEqual(everything);
    const folder = { root: join(root, 'two', '.'), names: [], encoding };
    expect(await readWell([folder])).toEqual(['one/c.c', 'two/a.c', 'two/b.rb', 'two/c.c']);
    const language = { root: null, names: ['.rb'], encoding };
    expect(await readWell([language])).toEqual(['one/b.rb', 'one/c.c', 'two/b.rb', 'two/c.c']);
  });
});
