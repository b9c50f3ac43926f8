import { inData, inType, type Language, line, open } from '../language.ts';
import { braces, quoted } from '../lexis.ts';
import { unitClass } from '../unit-class.ts';

export const go: Language = {
  lexis: braces({ strings: [quoted('"'), quoted('`', true, false)] }),
  nesting: 'brackets',
  rules: [
    { pattern: line(String.raw`(?:package|import)\b`), unit: unitClass.import, scopes: ['top'] },
    { pattern: line(String.raw`func\b(?!\()`), unit: unitClass.signature },
    { pattern: line(String.raw`func\s*\(`), unit: unitClass.signature, scopes: ['top'] },
    { pattern: line(String.raw`type\b`), unit: unitClass.type },
    // The members of the group are declarations too.
    { pattern: line(String.raw`(?:const|var)\s*\($`), unit: unitClass.none, opens: 'type' },
    { pattern: line(String.raw`(?:const|var)\b.*=`), unit: unitClass.value, scopes: ['top'] },
    {
      pattern: line(String.raw`[A-Za-z_][\w,\s.[\]*]*=(?!=)`),
      unit: unitClass.value,
      scopes: inType,
    },
    { pattern: line(String.raw`[A-Za-z_]\w*\(`), unit: unitClass.signature, scopes: inType },
    {
      pattern: line(String.raw`\w+\s+(?:struct|interface)\b`),
      unit: unitClass.type,
      scopes: inType,
    },
    {
      pattern: line(String.raw`(?:\w+|"[^"]*")\s*:\s*LITERAL`),
      unit: unitClass.value,
      scopes: [...inData, ...open],
    },
  ],
};
