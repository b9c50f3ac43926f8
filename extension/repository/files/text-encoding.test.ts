import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { encode } from '../../../test/fixtures/encode.ts';
import { decodeText, detectEncoding, headBytes } from './text-encoding.ts';

/** Whether a file with this head is binary. */
function isBinary(head: Uint8Array): boolean {
  return detectEncoding(head.subarray(0, headBytes)) === null;
}

const code = `#include <stdio.h>

int length(const char *text, int limit) {
    int n = 0;
    while (text[n] != 0 && n < limit) {
        n++;
    }
    return n;
}
`;

test.each([
  ['iso-8859-15', '// Größe des Puffers, der für die Übertragung benötigt wird\n'],
  ['iso-8859-15', "# Définit la durée de la requête à l'arrêt du système\n"],
  ['iso-8859-15', '# Función que añade una línea de configuración según el año\n'],
  ['iso-8859-15', '// © Müller\n'],
  ['iso-8859-2', '// Zwraca długość łańcucha, jeżeli żądanie się powiodło; wartość domyślna\n'],
  ['windows-1250', '// Vrátí délku řetězce, pokud požadavek uspěl. Příliš žluťoučký kůň\n'],
  ['koi8-r', '# Возвращает длину строки, если запрос выполнен успешно\n'],
  ['koi8-r', '# Длина строки\n'],
  ['windows-1251', '// Возвращает длину строки, если запрос выполнен успешно\n'],
  ['windows-1251', '// Длина строки\n'],
  ['iso-8859-5', '// Возвращает длину строки, если запрос выполнен успешно\n'],
  ['iso-8859-7', '// Επιστρέφει το μήκος της συμβολοσειράς αν το αίτημα πέτυχε\n'],
  [
    'windows-1254',
    '// İstek başarılı olursa dizginin uzunluğunu döndürür, şifre geçersizse hata\n',
  ],
  ['windows-1255', '// מחזיר את אורך המחרוזת אם הבקשה הצליחה\n'],
  ['windows-1256', '// تعيد طول السلسلة إذا نجح الطلب\n'],
  ['shift_jis', '// 文字列の長さを返します。失敗した場合は例外を投げます\n'],
  ['shift_jis', '// 文字列の長さ\n'],
  ['euc-jp', '// 文字列の長さを返します。失敗した場合は例外を投げます\n'],
  ['euc-jp', '// 文字列の長さ\n'],
  ['gbk', '// 返回字符串的长度,如果请求失败则抛出异常。默认值为空\n'],
  ['gb18030', '// 字符串的长度\n'],
  ['big5', '// 傳回字串的長度,如果請求失敗則擲回例外。預設值為空\n'],
  ['big5', '// 字串的長度\n'],
  ['euc-kr', '// 문자열의 길이를 반환합니다. 요청이 실패하면 예외가 발생합니다\n'],
  ['euc-kr', '// 문자열의 길이\n'],
])('%s is read as it was written: %s', (encoding, comment) => {
  for (const text of [`${comment}${code}`, `${code.repeat(20)}${comment}${code}`, comment]) {
    const bytes = encode(text, encoding);
    expect(isBinary(bytes)).toBe(false);
    expect(decodeText(bytes)).toBe(text);
  }
});

test('windows-1252 has its quotes, dashes and the euro', () => {
  const ascii = `// It's the customer's price - EUR 5\n${code}`;
  const bytes = Uint8Array.from(Buffer.from(ascii));
  const signs: Readonly<Record<string, number>> = { "'": 0x92, '-': 0x96 };
  const line = ascii.indexOf('\n');
  const changed = bytes.map((byte, index) =>
    index < line ? (signs[String.fromCharCode(byte)] ?? byte) : byte,
  );
  expect(decodeText(changed)).toBe(`// It’s the customer’s price – EUR 5\n${code}`);
});

test('ISO-2022-JP is told by its escape sequences', () => {
  // The bytes of 日本語.
  const bytes = Uint8Array.from(Buffer.from('// \x1b$BF|K\\8l\x1b(B\nint a;\n', 'latin1'));
  expect(decodeText(bytes)).toBe('// 日本語\nint a;\n');
});

function swapped(bytes: Uint8Array): Uint8Array {
  return bytes.map((_, index) => bytes[index ^ 1] ?? 0);
}

test.each([
  ['English', `// The length of a string\n${code}`],
  ['Japanese', '// 文字列の長さを返します\nint 長さ = 0;\n'],
  ['Russian', '// Возвращает длину строки\nint a = 0;\n'],
])('UTF-8 and UTF-16 of %s, with a mark and without', (_language, text) => {
  for (const mark of ['\uFEFF', '']) {
    const little = Uint8Array.from(Buffer.from(mark + text, 'utf16le'));
    for (const bytes of [little, swapped(little), Uint8Array.from(Buffer.from(mark + text))]) {
      expect(isBinary(bytes)).toBe(false);
      expect(decodeText(bytes)).toBe(text);
      // The head ends in the middle of a character.
      expect(isBinary(bytes.subarray(0, bytes.length - 3))).toBe(false);
    }
  }
});

test('a mark that is none', () => {
  const latin = Uint8Array.from(Buffer.from('þÿ are two letters of Icelandic\n', 'latin1'));
  expect(decodeText(latin)).toBe('þÿ are two letters of Icelandic\n');
  const noise = noiseOf(4_096);
  noise.set([0xff, 0xfe]);
  expect(isBinary(noise)).toBe(true);
  noise.set([0xfe, 0xff]);
  expect(isBinary(noise)).toBe(true);
  // MPEG audio may begin like UTF-16.
  expect(isBinary(Uint8Array.from([0xff, 0xfe, 0, 0, 0, 0x12, 0, 0, 0xab, 0xcd, 0, 0]))).toBe(true);
});

/** Deterministic noise: the high bytes of a linear congruential generator. */
function noiseOf(length: number, seed = 1): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}

test.each([100, 300, 1_000, headBytes])('%d random bytes are binary', (length) => {
  for (let seed = 1; seed <= 50; seed++) {
    const noise = noiseOf(length, seed);
    expect(detectEncoding(noise)).toBe(null);
    // Remove the NUL bytes, which would decide immediately.
    expect(detectEncoding(noise.map((byte) => (byte === 0 ? 1 : byte)))).toBe(null);
  }
});

test.each([
  ['PNG', '\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x04\0\0\0\x03\0\x08\x06\0\0\0'],
  ['JPEG', '\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xdb'],
  ['ELF', '\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0\x01\0\0\0'],
  ['WebAssembly', '\0asm\x01\0\0\0\x01\x04\x01`\0\0'],
  ['ZIP', 'PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0'],
  ['UTF-32', '\xff\xfe\0\0a\0\0\0b\0\0\0\n\0\0\0'],
  ['a NUL among text', 'const a = "\0";\n'.repeat(9)],
  ['a terminal without escapes', 'a\x08b\x08c\x01\x02\x03'],
])('%s is binary', (_name, head) => {
  expect(isBinary(Uint8Array.from(Buffer.from(head, 'latin1')))).toBe(true);
});

test('compressed data is binary', () => {
  expect(isBinary(Uint8Array.from(gzipSync(code.repeat(40))))).toBe(true);
});

test('UTF-8 with a broken byte stays UTF-8', () => {
  const text = '// Größe, für die Übertragung 長さ\n';
  const bytes = Uint8Array.from([...Buffer.from(text), 0xe9, 0x0a]);
  expect(decodeText(bytes)).toBe(`${text}\uFFFD\n`);
});

test('ASCII with colours and form feeds is text', () => {
  expect(isBinary(Uint8Array.from(Buffer.from('\x1b[31mred\x1b[0m\f\n')))).toBe(false);
});
