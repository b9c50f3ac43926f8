import { inData, type Language, line, open } from '../language.ts';
import { quoted } from '../lexis.ts';
import { unitClass } from '../unit-class.ts';

/** Python, its stubs, and build files that look like it. */
export const python: Language = {
  lexis: {
    lineComments: ['#'],
    blockComments: [],
    strings: [quoted('"""', true), quoted("'''", true), quoted('"'), quoted("'")],
    characters: false,
    rawStrings: null,
    templates: false,
    heredoc: null,
    commentsAtWords: false,
    brackets: true,
  },
  nesting: 'indentation',
  prefix: line(String.raw`@[\w.]+(?:\(.*\))?$`),
  transparent: line(String.raw`(?:if|elif|else|try|except|finally|with)\b`),
  rules: [
    { pattern: line(String.raw`(?:import|from)\s+[\w.]`), unit: unitClass.import },
    { pattern: line(String.raw`(?:async\s+)?def\s`), unit: unitClass.signature },
    { pattern: line(String.raw`class\s|type\s+\w+.*=`), unit: unitClass.type },
    { pattern: line(String.raw`\w+\s*(?::[^=]*)?=(?!=)`), unit: unitClass.value, scopes: open },
    {
      pattern: line(String.raw`(?:"[^"]*"|'[^']*'|\w+)\s*:\s*LITERAL`),
      unit: unitClass.value,
      scopes: inData,
    },
    { pattern: line(String.raw`\w+\s*=\s*LITERAL`), unit: unitClass.value, scopes: inData },
  ],
};
