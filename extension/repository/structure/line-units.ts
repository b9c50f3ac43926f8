import { codeUnits } from './code-units.ts';
import { syntaxOf } from './languages.ts';
import { proseUnits, textUnits } from './text-units.ts';
import type { LineUnits } from './unit-class.ts';

/**
 * Which unit each line of a file's text belongs to, and what the unit is. A line is a unit of its
 * own, but for heads of declarations and imports that go over several.
 *
 * Never throws, whatever the text is, and takes time linear in it: a lexer and patterns that see a
 * bounded part of each line, instead of a parser. What it says is a hint, not a promise: a line
 * that a parser would class otherwise costs a policy a little, and no more.
 */
export function lineUnits(path: string, text: string): LineUnits {
  const syntax = syntaxOf(path, text);
  switch (syntax.kind) {
    case 'code':
      return codeUnits(text, syntax.language);
    case 'lines':
      return textUnits(text, syntax.rules);
    case 'prose':
      return proseUnits(text);
  }
}
