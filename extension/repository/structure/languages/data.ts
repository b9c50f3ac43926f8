import { type Language, line } from '../language.ts';
import { braces, quoted } from '../lexis.ts';
import { unitClass } from '../unit-class.ts';

/** JSON, with or without comments: the keys of the outermost object. */
export const json: Language = {
  lexis: braces({ characters: false }),
  nesting: 'brackets',
  rules: [
    { pattern: line(String.raw`[{[]+$`), unit: unitClass.none, opens: 'data', scopes: ['top'] },
    {
      pattern: line(String.raw`"[^"]*"\s*:\s*LITERAL`),
      unit: unitClass.value,
      scopes: ['data'],
    },
    {
      pattern: line(String.raw`"[^"]*"\s*:`),
      unit: unitClass.type,
      scopes: ['data'],
      opens: 'block',
      oneLine: true,
    },
  ],
};

/** Protocol buffers, GraphQL schemas and Thrift: messages and services. */
export const schema: Language = {
  lexis: braces({
    lineComments: ['//', '#'],
    strings: [quoted('"""', true, false), quoted('"')],
    characters: false,
  }),
  nesting: 'brackets',
  rules: [
    {
      pattern: line(String.raw`(?:import|package|syntax|namespace|include)\b`),
      unit: unitClass.import,
    },
    { pattern: line(String.raw`rpc\s`), unit: unitClass.signature },
    { pattern: line(String.raw`\w+\(.*\)\s*:`), unit: unitClass.signature, scopes: ['type'] },
    {
      pattern: line(
        String.raw`(?:extend\s+)?(?:message|service|enum|oneof|type|input|interface|union|scalar|directive|schema|struct|exception)\b(?!\s*[:=])`,
      ),
      unit: unitClass.type,
    },
    { pattern: line(String.raw`[\w.<>,\s]+=`), unit: unitClass.value, scopes: ['top', 'type'] },
  ],
};
