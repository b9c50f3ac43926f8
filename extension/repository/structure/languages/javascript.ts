import { anyOf, inData, inType, type Language, line, open } from '../language.ts';
import { braces, quoted } from '../lexis.ts';
import { unitClass } from '../unit-class.ts';

const before = anyOf('export default declare abstract async');
const member = anyOf(
  'public private protected static async override abstract readonly get set accessor declare',
);
const name = String.raw`(?:[\w$#]+|\[[^\]]*\]|'[^']*'|"[^"]*")`;
const callable = String.raw`(?:async\s*)?(?:function\b|[\w$]+\s*=>|(?:<[^(]*>)?\((?:.*=>|[^)]*$))`;

/** JavaScript and TypeScript, with and without markup. */
export const javascript: Language = {
  lexis: braces({ strings: [quoted('"'), quoted("'")], characters: false, templates: true }),
  nesting: 'brackets',
  prefix: line(String.raw`@[\w.]+(?:\(.*\))?$`),
  rules: [
    { pattern: line(String.raw`import\b(?!\s*[(.])`), unit: unitClass.import },
    { pattern: line(String.raw`export\s+(?:type\s+)?[*{]`), unit: unitClass.import },
    {
      pattern: line(String.raw`(?:const|let|var)\s[^=]*=\s*(?:require\s*\(|await\s+import\b)`),
      unit: unitClass.import,
    },
    {
      pattern: line(
        String.raw`${before}(?:(?:const\s+)?enum|class|interface|namespace|module|global)\b(?!\s*[=(:,;.?])`,
      ),
      unit: unitClass.type,
    },
    { pattern: line(String.raw`${before}type\s+[\w$]+\s*[=<]`), unit: unitClass.type },
    { pattern: line(String.raw`${before}function\b`), unit: unitClass.signature },
    {
      pattern: line(String.raw`(?:export\s+)?(?:const|let|var)\s+[\w$][^=]*=\s*${callable}`),
      unit: unitClass.signature,
      scopes: open,
    },
    {
      pattern: line(String.raw`(?:export\s+)?(?:declare\s+)?(?:const|let|var)\s+[\w$].*=(?![=>])`),
      unit: unitClass.value,
      scopes: open,
    },
    {
      pattern: line(String.raw`export\s+default\b|(?:module\.)?exports\b[\w.]*\s*=`),
      unit: unitClass.value,
      scopes: open,
    },
    {
      pattern: line(String.raw`${member}(?:\*\s*)?${name}[?!]?\s*(?::[^=]*)?=\s*${callable}`),
      unit: unitClass.signature,
      scopes: inType,
    },
    {
      pattern: line(String.raw`${member}(?:\*\s*)?${name}\??\s*(?:<[^(]*>)?\(`),
      unit: unitClass.signature,
      scopes: inType,
    },
    {
      pattern: line(String.raw`${member}${name}[?!]?\s*(?::[^=]*)?=(?![=>])`),
      unit: unitClass.value,
      scopes: inType,
    },
    {
      pattern: line(String.raw`${member}(?:\*\s*)?${name}\s*\([^)]*\)(?:\s*:.*)?\s*\{`),
      unit: unitClass.signature,
      scopes: inData,
    },
    {
      pattern: line(String.raw`${name}\s*:\s*${callable}`),
      unit: unitClass.signature,
      scopes: inData,
    },
    { pattern: line(String.raw`${name}\s*:\s*LITERAL`), unit: unitClass.value, scopes: inData },
  ],
};
