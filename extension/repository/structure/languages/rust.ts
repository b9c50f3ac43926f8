import { anyOf, inData, inType, type Language, line, open } from '../language.ts';
import { braces } from '../lexis.ts';
import { unitClass } from '../unit-class.ts';

const visible = String.raw`(?:pub(?:\([^)]*\))?\s+)?`;

export const rust: Language = {
  lexis: braces({
    rawStrings: 'rust',
    blockComments: [{ open: '/*', close: '*/', nests: true }],
  }),
  nesting: 'brackets',
  prefix: line(String.raw`#!?\[.*\]$`),
  rules: [
    {
      pattern: line(String.raw`${visible}(?:use\s|extern\s+crate\b|mod\s+\w+;)`),
      unit: unitClass.import,
    },
    { pattern: line(String.raw`${visible}mod\s`), unit: unitClass.type, opens: 'top' },
    {
      pattern: line(
        String.raw`${visible}${anyOf('unsafe auto default')}(?:struct|enum|union|trait|type|impl)\b`,
      ),
      unit: unitClass.type,
    },
    {
      pattern: line(
        String.raw`${visible}${anyOf('default const async unsafe extern extern\\s+"[^"]*"')}fn\s|macro_rules!`,
      ),
      unit: unitClass.signature,
    },
    {
      pattern: line(String.raw`${visible}(?:const|static)\s[^=]*=(?!=)`),
      unit: unitClass.value,
      scopes: open,
    },
    { pattern: line(String.raw`\w+\s*=\s*LITERAL`), unit: unitClass.value, scopes: inType },
    { pattern: line(String.raw`\w+\s*:\s*LITERAL`), unit: unitClass.value, scopes: inData },
  ],
};
