import { describe, expect, it } from 'vitest';
import { isMarkdown, longestMarkdown } from './answer-mode.ts';
import { fastestMs } from '../../test/tools/fastest.ts';

/** Answers of the bundled model, and others that are values, paths or code. */
const raw: readonly string[] = [
  // Values.
  '5',
  '0.75',
  '-1',
  "'utf-8'",
  '"Could not open the file."',
  'true',
  '__main__',
  '__init__',
  '>= 5',
  '> 5',
  '2*x*3',
  'a ** b ** c',
  '2**10 + 3**5',
  '\\d+\\.\\d+',
  '^(?:\\*\\*|__)[a-z]+$',
  '# of retries',
  '#fff',
  '# The number of retries before giving up.',
  '- 1',
  '- [ ] 3',
  '+ 2',
  '1. 5',
  '1) x',
  '* 3',
  '---',
  '***',
  '___',
  '===',
  '&lt;div&gt;',
  '&amp;',
  '<div class="a">**b**c</div>',
  '<script>alert(1)</script>',
  '![x](y.png)',
  '[a](b)',
  '`',
  '``',
  '`5`',
  '`${host}:${port}`',
  'echo `date`',
  'SELECT `name` FROM `users` WHERE `id` = 1',
  '`id` int(11) NOT NULL,',
  '~/.config/loci',
  '~~x~~',
  '*',
  '**',
  '****',
  '_',
  '\\',
  'README.md',
  // Paths and globs.
  'pkg/__init__.py:3',
  'src/retry-policy.js:12',
  'app/[id]/page.tsx:3',
  '**/node_modules/**',
  '**/*.ts, **/*.js',
  '$HOME/*.ts and /tmp/*.js',
  'src/*_test_*.go',
  'C:\\Users\\x\\*.dll',
  'x = **bold**.ts:7',
  '- **/*.ts\n- **/*.js',
  // Lines of code.
  'const max_retries = 5;',
  'export function* ids(): Generator<number> {',
  'type Pair<A, B> = [A, B] | null;',
  'return a * b * c;',
  'throw new Error(`bad ${x} and ${y}`)',
  'def f(*args, **kwargs):',
  'f(*a, **b)(*c, **d)',
  'print(f"{x:**^10}")',
  'for x in range(10):',
  'if not a and not b:',
  'from a import b as c',
  'fn main() -> Result<(), Box<dyn Error>> {',
  'pub fn area(&self) -> f64 { self.a * self.b }',
  'char **argv, **envp',
  'int *p = &x, **q = &p;',
  'std::vector<int*> *v;',
  '#include <vector>',
  '#define MAX(a, b) ((a) > (b) ? (a) : (b))',
  'rm -rf build/* dist/*',
  'npm test -- --grep "a|b"',
  'cat <<EOF > out.txt',
  '$ npm run build',
  'key: *anchor',
  'on: [push, pull_request]',
  'name: a\nsteps:\n  - run: x\n  - run: y',
  '{"a": "*b*", "c": ["_d_"]}',
  '\\frac{a}{b}_{i}^{*}',
  '$$\\sum_{i=1}^n x_i$$',
  '- const a = 1;\n+ const a = 2;',
  '@@ -1,3 +1,3 @@\n-old\n+new',
  '--- a/x.ts\n+++ b/x.ts',
  'SELECT * FROM a WHERE b > 1 AND c < 2',
  'FROM node:20\nRUN npm ci\nCOPY . .',
  'String name = "a*b*c";',
  'Integer count = 5;',
  'Map<String, List<Integer>> m = new HashMap<>();',
  '// Returns the sum of both.\nreturn a + b;',
  '/**\n * Returns the sum of both.\n * - one\n */',
  '# set up\nimport os\n\n# run\nos.system("ls *")',
  'def f(x):\n    """Return the square of x."""\n    # square it\n    return x**2',
  'class A:\n    """\n    Return the square of x.\n    """',
  '#!/bin/sh\n# Install everything\nset -e\n\n# Build\nmake -j2',
  'a | b\nc | d',
  '| a | b |',
  ':---:',
  '1. a\n2. b',
  '- a\n- b',
  'x = """\n- not a list\n"""',
  '// see `a` and `b`',
  '<!-- The comment of a page. -->',
  'Object.keys(a).map((k) => `${k}=${a[k]}`)',
  'MAX_RETRIES',
  'ERROR: `x` not found',
];

/** Answers of instruction-tuned models. */
const written: readonly string[] = [
  'The value of `MAX_RETRIES` is `5`.',
  'The value of `X` is 5',
  'It returns 5.',
  'It returns `null` if the file is missing.',
  'A `Map` from paths to lines.',
  '`MAX_RETRIES` is 5.',
  '`foo` calls `bar`, which is defined in `src/a.ts`.',
  'maxRetries is set to 5 in src/a.ts.',
  'src/a.ts defines the `Retry` class.',
  'In `src/retry-policy.js`, the function `retry` is called three times.',
  'Yes, the function handles that case.',
  'The answer is **5**.',
  '**Answer:** 5',
  '**Note**: see below',
  '- **Name**: what it is called\n- **Size**: how large it is',
  '* **`a.ts`**: reads files\n* **`b.ts`**: writes them',
  'See **src/a.ts** for this',
  '1. **Parse** the input\n2. **Run** it',
  '1. Parse the input\n2. Run the program',
  '1. First, the file is read.\n2. Then, it is parsed.',
  'The steps are:\n\n1. a\n2. b',
  'The class has these methods:\n\n- `a`\n- `b`',
  'Here is the code:\n\n```ts\nconst a = 1;\n```',
  '```python\ndef f():\n    return 1\n```',
  '```\nx\n```',
  '~~~\nx\n~~~',
  '```json\n{"a": 1}',
  '# Overview\n\nThe project has three parts.\n\n## Parts\n\n- one\n- two',
  '### Answer\n\nThe function returns **null**.',
  '| Name | Value |\n|------|-------|\n| a | 1 |',
  'a | b\n--|--\n1 | 2',
  'The project uses the following tools:\n\n| Tool | Use |\n|---|---|\n| x | y |',
  '> The budget is too small.\n\nThis message comes from `budget.ts`.',
  'To run the tests, use `npm test`.',
  "I don't know where that is defined.",
  'I could not find it.',
  'No such function exists in the code.',
  'This is a simple answer without any marks',
  'Die Funktion gibt `null` zurück.',
  'La fonction renvoie `null` si le fichier manque.',
  'Функция возвращает `null`, если файла нет.',
  'Η συνάρτηση επιστρέφει `null`.',
  '该函数返回`x`的值。',
  'この関数は`x`を返します。',
  '이 함수는 값을 반환합니다.',
  'הפונקציה מחזירה `null`.',
  'تعيد الدالة القيمة `null`.',
  '这是**重点**内容',
  'First line\n\nThe second paragraph has a sentence.',
  'x\n\n**Bold** words',
  'The regex is \\d+\\.\\d+ and it matches numbers.',
  'Files such as `a.ts`, `b.ts` and `c.ts` are read.',
];

describe('isMarkdown', () => {
  it.each(raw)('takes %j for raw text', (answer) => {
    expect(isMarkdown(answer, true)).toBe(false);
  });

  it.each(written)('takes %j for Markdown', (answer) => {
    expect(isMarkdown(answer, true)).toBe(true);
  });

  it('is tried on more than a hundred answers of both kinds', () => {
    expect(raw.length).toBeGreaterThan(100);
    expect(written.length).toBeGreaterThan(50);
  });

  it.each([...raw, ...written])('changes at most once while %j is written', (answer) => {
    let markdown = false;
    for (let length = 0; length <= answer.length; length++) {
      const now = isMarkdown(answer.slice(0, length), false);
      expect(now || !markdown).toBe(true);
      markdown = now;
    }
    expect(isMarkdown(answer, true) || !markdown).toBe(true);
  });

  it('takes what is too long for raw text', () => {
    const sentence = 'The function returns 5. ';
    expect(isMarkdown(sentence.repeat(longestMarkdown / sentence.length), true)).toBe(true);
    expect(isMarkdown(sentence.repeat(longestMarkdown / sentence.length + 1), true)).toBe(false);
  });

  it.each([
    '.',
    'a',
    'a.',
    '`',
    '` ',
    '**',
    '**a ',
    'a** ',
    '|',
    '\n',
    '- ',
    '"',
    'A ',
    '本',
    "A'",
  ])('takes milliseconds for much of %j', (unit) => {
    const text = unit.repeat(longestMarkdown / unit.length);
    const milliseconds = fastestMs(1000, () => {
      isMarkdown(text, true);
      isMarkdown(`${text}!`.slice(1), false);
    });
    expect(milliseconds).toBeLessThan(1000);
  });
});
