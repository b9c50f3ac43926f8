import { anyOf, inData, inType, type Language, line, oneOf, open } from '../language.ts';
import { braces, quoted } from '../lexis.ts';
import { unitClass } from '../unit-class.ts';

const modifiers = anyOf(`public private protected internal static final abstract sealed non-sealed
  virtual override async readonly partial unsafe extern default synchronized native strictfp
  transient volatile new ref file required const base interface mixin external late`);
const control =
  '(?!(?:if|for|foreach|while|switch|return|else|do|case|throw|new|catch|lock|using|assert)\\b)';
const type = String.raw`[A-Za-z_][\w\s.<>,?[\]&@]*`;

/** Java, C# and Dart: declarations begin with modifiers and a type. */
function managed(strings: Language['lexis']['strings'], characters: boolean): Language {
  return {
    lexis: braces({ strings, characters }),
    nesting: 'brackets',
    prefix: line(String.raw`@[\w.]+(?:\(.*\))?$|\[[A-Za-z].*\]$`),
    rules: [
      {
        pattern: line(String.raw`(?:import|package|export|part|library)\s+\S`),
        unit: unitClass.import,
        scopes: open,
      },
      {
        pattern: line(String.raw`(?:global\s+)?using\s+[\w.=\s]+;`),
        unit: unitClass.import,
        scopes: open,
      },
      { pattern: line(String.raw`namespace\s`), unit: unitClass.type, opens: 'top' },
      {
        pattern: line(
          modifiers +
            oneOf('class interface enum struct @interface extension typedef') +
            String.raw`\s|${modifiers}record\s+(?:class\s+|struct\s+)?[A-Z]\w*\s*[({<:;]`,
        ),
        unit: unitClass.type,
      },
      // Enum constants with arguments.
      {
        pattern: line(String.raw`[A-Z][A-Z0-9_]*\s*\(.*\)\s*[,;]?$`),
        unit: unitClass.value,
        scopes: inType,
      },
      {
        pattern: line(String.raw`${control}${type}\(`),
        unit: unitClass.signature,
        scopes: open,
      },
      {
        pattern: line(String.raw`${control}${type}(?:\{[^}]*\}\s*)?(?:=>|=(?!=))`),
        unit: unitClass.value,
        scopes: open,
      },
      {
        pattern: line(String.raw`(?:\w+\s*=|['"\w]+\s*:|\[?\{?\s*"[^"]*"\]?\s*[=,])\s*LITERAL`),
        unit: unitClass.value,
        scopes: inData,
      },
    ],
  };
}

export const java: Language = managed([quoted('"""', true), quoted('"')], true);

export const csharp: Language = managed(
  [
    quoted('"""', true, false),
    // A doubled quote within them reads as two adjacent strings.
    ...['@"', '$@"', '@$"'].map((open) => ({ open, close: '"', multiline: true, escapes: false })),
    quoted('"'),
  ],
  true,
);

export const dart: Language = managed(
  [quoted('"""', true), quoted("'''", true), quoted('"'), quoted("'")],
  false,
);
