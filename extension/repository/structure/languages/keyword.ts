import { anyOf, inData, inType, type Language, line, oneOf, open } from '../language.ts';
import { braces, quoted } from '../lexis.ts';
import type { Lexis } from '../lexis.ts';
import { unitClass } from '../unit-class.ts';

/** The words that begin declarations, in strings separated by spaces. */
interface Words {
  readonly modifiers: string;
  readonly imports: string;
  readonly types: string;
  readonly functions: string;
  readonly values: string;
}

const kotlinWords: Words = {
  modifiers: `public private protected internal open abstract final sealed data inline value
    annotation inner companion override suspend operator infix tailrec external const lateinit
    actual expect enum fun(?=\\s+interface) vararg`,
  imports: 'import package',
  types: 'class interface object typealias',
  functions: 'fun constructor init',
  values: 'val var',
};

const swiftWords: Words = {
  modifiers: `public private fileprivate internal open static class final override mutating
    nonmutating lazy weak unowned convenience required indirect dynamic async nonisolated
    private\\(set\\) @\\w+`,
  imports: 'import',
  types: 'class struct enum protocol extension actor typealias associatedtype',
  functions: 'func init subscript deinit',
  values: 'let var case',
};

const scalaWords: Words = {
  modifiers: `private protected override abstract final sealed implicit lazy inline case opaque open
    transparent`,
  imports: 'import package export',
  types: 'class trait object enum type given extension',
  functions: 'def',
  values: 'val var',
};

/** Builds a language whose declarations begin with a keyword. */
function keyword(words: Words, lexis: Partial<Lexis>): Language {
  const before = anyOf(words.modifiers);
  const after = String.raw`\s+\S`;
  return {
    lexis: braces({ strings: [quoted('"""', true), quoted('"')], ...lexis }),
    nesting: 'brackets',
    prefix: line(String.raw`@[\w.:]+(?:\(.*\))?$`),
    rules: [
      { pattern: line(oneOf(words.imports) + after), unit: unitClass.import },
      // `companion object {` has no name.
      { pattern: line(before + oneOf(words.types) + String.raw`\s*[\w{:<]`), unit: unitClass.type },
      { pattern: line(before + oneOf(words.functions)), unit: unitClass.signature },
      {
        pattern: line(`${before}${oneOf(words.values)}[^=]*(?:=(?!=)|\\bby\\b)`),
        unit: unitClass.value,
        scopes: open,
      },
      { pattern: line(String.raw`[A-Z]\w*\(.*\)\s*[,;]?$`), unit: unitClass.value, scopes: inType },
      {
        pattern: line(String.raw`(?:"[^"]*"|\w+)\s*(?::|=|->|to\b)\s*LITERAL`),
        unit: unitClass.value,
        scopes: inData,
      },
    ],
  };
}

const nestedComments = [{ open: '/*', close: '*/', nests: true }];

export const kotlin: Language = keyword(kotlinWords, { blockComments: nestedComments });
export const swift: Language = keyword(swiftWords, {
  blockComments: nestedComments,
  characters: false,
});
export const scala: Language = keyword(scalaWords, { blockComments: nestedComments });
