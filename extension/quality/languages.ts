/**
 * Matches lines of code that state a fact to ask for, language by language. Each line is matched
 * alone, without a parser: a missed line only makes fewer questions.
 */

import type { ProbeKind } from '../protocol/requests/probes.ts';

/** A line that makes a question: named groups `head` (the prompt), `name` and `answer`. */
export interface LinePattern {
  readonly kind: ProbeKind;
  readonly pattern: RegExp;
}

/** A number or a string on one line, followed only by the statement's end or a comment. */
const value = String.raw`(?<answer>-?\d[\w.]{0,30}|"[^"\\]{1,150}"|'[^'\\]{1,150}'|${'`'}[^${'`'}\\$]{1,150}${'`'})(?=[;,]?[ \t]*(?:(?:\/\/|\/\*|#|--).*)?$)`;
/** Parameters without nested brackets, up to the closing one. */
const parameters = String.raw`(?<answer>[^()]{2,150})(?=\))`;
const identifier = String.raw`(?<name>[A-Za-z_$][\w$]*)`;

function constant(head: string): LinePattern {
  return { kind: 'constant', pattern: new RegExp(`^(?<head>${head})${value}`, 'u') };
}

function symbol(head: string, answer = parameters): LinePattern {
  return { kind: 'symbol', pattern: new RegExp(`^(?<head>${head})${answer}`, 'u') };
}

function imported(head: string, answer: string): LinePattern {
  return { kind: 'import', pattern: new RegExp(`^(?<head>${head})${answer}`, 'u') };
}

const quoted = String.raw`(?<answer>[^'"]{2,150})(?=['"])`;
const indent = String.raw`[ \t]{0,40}`;

/** An entry of an object or a dictionary. */
const entry = constant(String.raw`[ \t]{1,40}["']?${identifier}["']?: `);

const script: readonly LinePattern[] = [
  constant(
    String.raw`${indent}(?:export )?(?:const|let|var) ${identifier}(?:: ?[\w.<>|[\]]{1,60})? ?= ?`,
  ),
  constant(
    String.raw`${indent}(?:(?:public|private|protected|static|readonly|declare) ){1,4}#?${identifier}(?:: ?[\w.<>|[\]]{1,60})? ?= ?`,
  ),
  entry,
  imported(String.raw`import (?<name>[^'"]{1,200}) from ['"]`, quoted),
  imported(String.raw`${indent}(?:const|let|var) (?<name>[^='"]{1,100}) = require\(['"]`, quoted),
  symbol(
    String.raw`${indent}(?:export )?(?:default )?(?:async )?function\*? ?${identifier}(?:<[^<>()]{1,60}>)?\(`,
  ),
  symbol(
    String.raw`${indent}(?:export )?const ${identifier} = (?:async )?\(`,
    String.raw`(?<answer>[^()]{2,150})(?=\)(?:: ?[^=()]{1,80})? ?=>)`,
  ),
  symbol(
    String.raw`${indent}(?:export )?(?:default )?(?:abstract )?class ${identifier} extends `,
    String.raw`(?<answer>[\w$.]{2,80})(?![\w$.])`,
  ),
];

const python: readonly LinePattern[] = [
  constant(String.raw`(?: {4})?${identifier}(?:: ?[\w.[\], |]{1,60})? ?= ?`),
  entry,
  imported(
    String.raw`from (?<name>[\w.]{1,150}) import `,
    String.raw`(?<answer>\w[\w, ]{1,150})(?=[ \t]*(?:#.*)?$)`,
  ),
  symbol(String.raw`${indent}(?:async )?def ${identifier}\(`),
  symbol(String.raw`${indent}class ${identifier}\(`),
];

const go: readonly LinePattern[] = [
  constant(String.raw`${indent}(?:const |var )${identifier}(?: [\w.[\]*]{1,60})? = `),
  // A line of a const block.
  constant(String.raw`\t${identifier}(?: [\w.[\]*]{1,60})?[ \t]{1,40}= `),
  imported(
    String.raw`${indent}(?:import )?${identifier} "`,
    String.raw`(?<answer>[^"]{2,150})(?="$)`,
  ),
  symbol(String.raw`func (?:\([^()]{1,80}\) )?${identifier}\(`),
];

const rust: readonly LinePattern[] = [
  constant(
    String.raw`${indent}(?:pub(?:\([\w:]{1,30}\))? )?(?:const|static) (?:mut )?${identifier}: ?[&'\w<>[\]; ]{1,60} = `,
  ),
  imported(
    String.raw`${indent}(?:pub )?use (?<name>(?:\w+::){1,8})`,
    String.raw`(?<answer>(?:\w{2,80}|\{[\w, :]{1,150}\}))(?=;)`,
  ),
  symbol(
    String.raw`${indent}(?:pub(?:\([\w:]{1,30}\))? )?(?:const )?(?:async )?(?:unsafe )?fn ${identifier}(?:<[^<>()]{1,80}>)?\(`,
  ),
];

/** Java and C#: modifiers distinguish a method's definition from a call. */
const modifiers = String.raw`(?:(?:public|private|protected|internal|static|final|const|readonly|abstract|override|virtual|async|synchronized) ){1,6}`;
const type = String.raw`[\w.]{1,60}(?:<[\w.<>, ?]{1,60}>)?(?:\[\]){0,2}\??`;
const managed: readonly LinePattern[] = [
  constant(String.raw`${indent}${modifiers}${type} ${identifier} = `),
  imported(
    String.raw`(?:import (?:static )?|using )(?<name>(?:\w+\.){1,10})`,
    String.raw`(?<answer>\w{2,80})(?=;)`,
  ),
  symbol(String.raw`${indent}${modifiers}${type} ${identifier}\(`),
];

const native: readonly LinePattern[] = [
  constant(String.raw`#[ \t]{0,8}define ${identifier}[ \t]{1,40}`),
  constant(
    String.raw`${indent}(?:(?:static|inline|constexpr|const) ){1,4}(?:unsigned )?[\w:]{1,60}(?: const)?[ *]{1,3}${identifier}(?:\[\])? ?= ?`,
  ),
  // A definition is not indented; a call is.
  symbol(
    String.raw`(?:(?:static|inline|constexpr|extern) ){0,3}(?:const )?(?:unsigned )?[A-Za-z_][\w:<>]{0,60}[ *&]{1,4}(?:\w+::){0,4}${identifier}\(`,
  ),
];

const byExtension: Readonly<Record<string, readonly LinePattern[]>> = {
  ...each(['ts', 'tsx', 'mts', 'cts', 'js', 'jsx', 'mjs', 'cjs'], script),
  ...each(['py', 'pyi'], python),
  ...each(['go'], go),
  ...each(['rs'], rust),
  ...each(['java', 'cs'], managed),
  ...each(['c', 'h', 'cc', 'cpp', 'cxx', 'hh', 'hpp', 'hxx', 'cu', 'cuh'], native),
};

function each(
  extensions: readonly string[],
  patterns: readonly LinePattern[],
): Readonly<Record<string, readonly LinePattern[]>> {
  return Object.fromEntries(extensions.map((extension) => [extension, patterns]));
}

/** The patterns for a file, by its name; empty for an unknown language. */
export function patternsFor(path: string): readonly LinePattern[] {
  const extension = /\.(\w+)$/u.exec(path)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(byExtension, extension) ? (byExtension[extension] ?? []) : [];
}

/**
 * Names that a line defines in any language, with or without a question, to find ambiguous ones.
 */
export const definitionPattern =
  /\b(?:const|let|var|function\*?|class|def|fn|func|struct|enum|union|interface|trait|type|mod|static|namespace|define)[ \t]+(?:mut[ \t]+)?(?<name>[A-Za-z_$][\w$]*)/gu;
