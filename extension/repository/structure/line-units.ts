import { codeUnits } from './code-units.ts';
import { syntaxOf } from './languages.ts';
import { proseUnits, textUnits } from './text-units.ts';
import type { LineUnits } from './unit-class.ts';

/**
 * Finds the unit of each line of a file, and the unit's class. Each line is its own unit, except
 * for heads of declarations and imports that span several lines.
 *
 * Never throws, and takes time linear in the text: it uses a lexer, and patterns that see a bounded
 * part of each line, instead of a parser. The result is a hint: a line that a parser would class
 * differently costs a policy a little, nothing more.
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
