import { inData, inType, type Language, line, open } from '../language.ts';
import { braces } from '../lexis.ts';
import { unitClass } from '../unit-class.ts';

const control =
  '(?!(?:if|for|while|switch|return|else|do|case|throw|new|delete|goto|catch|sizeof|static_assert)\\b)';

/** C, C++, Objective-C and CUDA. */
export const c: Language = {
  lexis: braces({ rawStrings: 'c++' }),
  nesting: 'brackets',
  prefix: line(String.raw`template\s*<.*>$|\[\[.*\]\]$`),
  rules: [
    {
      pattern: line(
        String.raw`#\s*(?:include|import)\b|@import\b|(?:export\s+)?(?:import|module)\b`,
      ),
      unit: unitClass.import,
    },
    { pattern: line(String.raw`using\b`), unit: unitClass.import, scopes: open },
    { pattern: line(String.raw`#\s*define\s+\w+\(`), unit: unitClass.signature },
    { pattern: line(String.raw`#\s*define\s+\w+\s+\S`), unit: unitClass.value },
    { pattern: line('#'), unit: unitClass.none },
    { pattern: line(String.raw`extern\s+"[^"]*"\s*\{`), unit: unitClass.none, opens: 'top' },
    {
      pattern: line(String.raw`(?:inline\s+)?namespace\b[^=;]*$`),
      unit: unitClass.type,
      opens: 'top',
    },
    {
      pattern: line(
        String.raw`(?:typedef\s+)?(?:template\s*<.*>\s*)?(?:struct|class|union|enum|concept)\b[^()=]*$|@(?:interface|implementation|protocol)\b|typedef\b`,
      ),
      unit: unitClass.type,
    },
    { pattern: line(String.raw`[-+]\s*\(.*\)\s*\w`), unit: unitClass.signature, scopes: open },
    {
      pattern: line(String.raw`${control}[A-Za-z_~][\w\s:*&<>,~[\]]*(?:operator[^\w\s][^(]*)?\(`),
      unit: unitClass.signature,
      scopes: open,
    },
    {
      pattern: line(String.raw`${control}[A-Za-z_][\w\s:*&<>,[\]]*=(?!=)\s*\S?`),
      unit: unitClass.value,
      scopes: open,
    },
    {
      pattern: line(String.raw`(?:static|const|constexpr|inline|thread_local)\b[^(=]*\{.*\};?$`),
      unit: unitClass.value,
      scopes: open,
    },
    {
      pattern: line(String.raw`\w+(?:\s|[*&<>:])+\w+\s*\{.*\};$`),
      unit: unitClass.value,
      scopes: inType,
    },
    { pattern: line(String.raw`\.\w+\s*=\s*LITERAL`), unit: unitClass.value, scopes: inData },
  ],
};
