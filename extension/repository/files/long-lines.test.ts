import { expect, test } from 'vitest';
import { longestLine, shortenLines } from './long-lines.ts';

const image = Buffer.from(
  Array.from({ length: 9_000 }, (_, index) => Math.imul(index + 1, 2_654_435_761) >>> 24),
).toString('base64');
const code = Array.from({ length: 400 }, (_, index) => `const value${String(index)} = read();`);
const table = 'é, ü; "x" (1) '.repeat(900);

function lineOf(text: string, part: string): number {
  return text.split('\n').findIndex((line) => line.includes(part));
}

test.each([
  ['an image in Markdown', `![](data:image/png;base64,${image})`],
  ['an output of a notebook', `      "image/png": "${image}\\n",`],
  ['an output in lines of 76', `   "image/png": "${image.replace(/.{76}/g, '$&\\n')}",`],
  ['a string with blanks and signs', `const words = '${'a word, and; more. '.repeat(600)}';`],
  ['a string with escapes', `const text = "${'say \\"yes\\" {}; '.repeat(600)}";`],
  ['a template', `const text = \`${'<p>{x};</p> '.repeat(900)}\`;`],
  ['a regular expression', `const pattern = /${'[\\xAA\\xB5]|'.repeat(900)}x/u;`],
  ['a table of numbers', `const table = [${'0x1f, 12, -3.5, '.repeat(900)}];`],
  [
    'an export list',
    `export { ${code
      .slice(0, 80)
      .map((_, i) => `aVeryLongName${String(i)}`.repeat(6))
      .join(', ')} };`,
  ],
])('%s is shortened, and lines keep their numbers', (_name, line) => {
  expect(line.length).toBeGreaterThan(longestLine);
  const text = [...code.slice(0, 30), line, ...code.slice(30), ''].join('\n');
  const short = shortenLines(text) ?? '';
  expect(short.length).toBeLessThan(text.length - line.length + 400);
  expect(short).toContain(' characters]');
  for (const part of ['value0 ', 'value29 ', 'value30 ', 'value59 ']) {
    expect(lineOf(short, part)).toBe(lineOf(text, part));
  }
  expect(short.split('\n')[30]?.slice(0, 6)).toBe(line.slice(0, 6));
});

test('lines of Base64 leave a mark and empty lines', () => {
  const lines = image.replace(/.{76}/g, '$&\n');
  const text = `before\n${lines}\nafter\n`;
  const short = shortenLines(text) ?? '';
  expect(lineOf(short, 'after')).toBe(lineOf(text, 'after'));
  expect(short.length).toBeLessThan(600);
});

test('a whole notebook is read without its images', () => {
  const notebook = JSON.stringify(
    {
      cells: [1, 2, 3].map((id) => ({
        cell_type: 'code',
        outputs: [{ data: { 'image/png': `${image}\n`, 'text/plain': ['<Figure>'] } }],
        source: [`x = load(${String(id)})\n`, 'plot(x)'],
      })),
      nbformat: 4,
    },
    null,
    1,
  );
  const short = shortenLines(notebook) ?? '';
  expect(short.length).toBeLessThan(2_000);
  expect(JSON.parse(short)).toMatchObject({ nbformat: 4 });
  expect(lineOf(short, 'load(3)')).toBe(lineOf(notebook, 'load(3)'));
});

test.each([
  ['a ruler', `# ${'='.repeat(2_000)}`],
  ['a ruler of dashes', '-'.repeat(4_000)],
  ['a mixed ruler', `// ${'-=-='.repeat(400)}`],
  ['underscores', '_'.repeat(1_500)],
  ['an identifier', `import ${'someVeryLongName_ofAModule2_'.repeat(50)} from 'x';`],
  ['a path', `See ${'some/folder/of/names/'.repeat(60)}index.ts`],
  ['a paragraph', 'A paragraph of plain words on one line. '.repeat(200)],
  ['a paragraph of Chinese', '返回字符串的长度，如果请求失败则抛出异常。'.repeat(300)],
  ['a hash', `sha512-${image.slice(0, 86)}`],
])('%s stays', (_name, line) => {
  const text = [...code, line, ...code, ''].join('\n');
  expect(shortenLines(text)).toBe(text);
});

test.each([
  ['one line', `var a=${'f(1);b={c:2};'.repeat(500)}\n`],
  ['one line under a licence', `/*\n * Licence\n */\n${'f(1);b={c:2};'.repeat(900)}\n`],
  ['many long lines', `${`${'f(1);b={c:2};'.repeat(500)}\n`.repeat(9)}${'a();\n'.repeat(20_000)}`],
  ['most in long lines', `${code.join('\n')}\n${'f("x",1);b={c:2};'.repeat(4_000)}\n`],
  ['a list of records', `[${'{"id":1,"name":"x"},'.repeat(500)}{}]\n`],
])('%s is minified', (_name, text) => {
  expect(shortenLines(text)).toBe(null);
});

test('text with awkward signs is told in no time', () => {
  const started = performance.now();
  shortenLines(`${table}\n${'"'.repeat(100_000)}\n${"/'\\".repeat(30_000)}\n${image.repeat(9)}`);
  expect(performance.now() - started).toBeLessThan(5_000);
});
