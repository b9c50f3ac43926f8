import { describe, expect, it } from 'vitest';
import { nextEditFamilies } from '../../models/next-edit-families.ts';
import type { LineChange } from '../../protocol/requests/next-edit.ts';
import type { EditedFile } from '../prompt/edited-region.ts';
import { isNextEditOver, nextEditChange } from './next-edit-answer.ts';

const file: EditedFile = {
  ...{ path: 'a.ts', isStart: false, firstLine: 11, cursor: { line: 1, column: 0 } },
  before: ['import a;', 'import b;'],
  region: ['function f() {', '  return a;', '}', ''],
  after: ['function g() {', '  return b;', '}'],
};

function changeOf(name: string, text: string, of = file): LineChange | null {
  const family = nextEditFamilies.find((row) => row.name === name);
  if (family === undefined) throw new Error(name);
  return nextEditChange(family, of, text);
}

const edited = 'function f() {\n  return b;\n}\n';
const change = { line: 12, count: 1, lines: ['  return b;'] };

describe.each([
  ['Sweep', (text: string) => text],
  ['Zeta', (text: string) => `<|editable_region_start|>\n${text}\n<|editable_region_end|>\n\`\`\``],
  ['Zeta 2', (text: string) => `${text}>>>>>>> UPDATED\n`],
] as const)('%s', (name, written) => {
  it('changes the lines that differ, however many blank ones end the text', () => {
    expect(changeOf(name, written(edited))).toEqual(change);
    expect(changeOf(name, written(`${edited}\n\n`))).toEqual(change);
    expect(changeOf(name, written('function f() {\r\n  return b;\r\n}\r\n'))).toEqual(change);
  });

  it('inserts and deletes lines', () => {
    const more = changeOf(name, written('function f() {\n  log();\n  return a;\n}\n'));
    expect(more).toEqual({ line: 12, count: 0, lines: ['  log();'] });
    const less = changeOf(name, written('function f() {\n}\n'));
    expect(less).toEqual({ line: 12, count: 1, lines: [] });
  });

  it.each([
    ['the same text', 'function f() {\n  return a;\n}\n'],
    ['the same text but for blanks at the ends', 'function f() { \n  return a;\n}\n'],
    ['nothing', ''],
    ['blank lines', '\n\n \n'],
    ['no edits', 'NO_EDITS\n'],
    ['a loop', `function f() {\n${'  return a;\n'.repeat(3)}}\n`],
    ['a long line twice', 'function f() {\n  return compute(a);\n  return compute(a);\n}\n'],
    ['a loop in a line', `function f() {\n  return ${'a, b, '.repeat(30)};\n}\n`],
    ['the lines below', `${edited}\nfunction g() {`],
    ['the lines above', `import b;\n${edited}`],
    ['very many lines', Array.from({ length: 40 }, (_, at) => `call${String(at)}();`).join('\n')],
    ['half a character', 'function f() {\n  return "\ufffd";\n}\n'],
    ['a control character', 'function f() {\n  return "\u001b";\n}\n'],
  ])('suggests nothing for %s', (_, text) => {
    expect(changeOf(name, written(text))).toBe(null);
  });

  it('suggests nothing for a mark of its own in code', () => {
    const { marks = [], cursor } = nextEditFamilies.find((row) => row.name === name) ?? {};
    for (const mark of marks) {
      const text = edited.replace('return', mark);
      const found = changeOf(name, written(text));
      // A mark at the place of the cursor, or that ends the text, is read as such.
      if (mark === cursor) expect(found?.lines).toEqual(['   b;']);
      else if (found !== null) expect(found.lines.join('\n')).not.toContain(mark);
    }
  });
});

it('needs the mark that ends a text, and ends with it', () => {
  expect(changeOf('Zeta', `<|editable_region_start|>\n${edited}`)).toBe(null);
  expect(changeOf('Zeta 2', edited)).toBe(null);
  const [, zeta] = nextEditFamilies;
  expect(zeta !== undefined && isNextEditOver(zeta, `${edited}<|editable_region_end|>`)).toBe(true);
  expect(zeta !== undefined && isNextEditOver(zeta, edited)).toBe(false);
});

it('takes the text of a region that has no line', () => {
  const empty = { ...file, region: [''], before: [], after: [] };
  expect(changeOf('Sweep', 'x();\n', empty)).toEqual({ line: 11, count: 1, lines: ['x();'] });
});
