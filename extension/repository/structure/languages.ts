import type { Language } from './language.ts';
import { c } from './languages/c.ts';
import { json, schema } from './languages/data.ts';
import { go } from './languages/go.ts';
import { javascript } from './languages/javascript.ts';
import { kotlin, scala, swift } from './languages/keyword.ts';
import { csharp, dart, java } from './languages/managed.ts';
import { python } from './languages/python.ts';
import { rust } from './languages/rust.ts';
import { elixir, lua, perl, php, ruby, shell } from './languages/scripting.ts';
import {
  cmake,
  dockerfile,
  type LineRules,
  makefile,
  settings,
  sql,
  stylesheet,
  yaml,
} from './text-units.ts';

/** How to read a text: as code, line by line, or as prose. */
export type Syntax =
  | { readonly kind: 'code'; readonly language: Language }
  | { readonly kind: 'lines'; readonly rules: LineRules }
  | { readonly kind: 'prose' };

const prose: Syntax = { kind: 'prose' };
const plain: Syntax = { kind: 'lines', rules: [] };

function code(language: Language): Syntax {
  return { kind: 'code', language };
}

function lines(rules: LineRules): Syntax {
  return { kind: 'lines', rules };
}

const byExtension: readonly (readonly [extensions: string, syntax: Syntax])[] = [
  ['ts tsx mts cts js jsx mjs cjs es6', code(javascript)],
  ['py pyi pyw bzl bazel', code(python)],
  ['c h cc cpp cxx c++ hh hpp hxx ipp inl m mm cu cuh ino', code(c)],
  ['java groovy', code(java)],
  ['cs csx', code(csharp)],
  ['dart', code(dart)],
  ['kt kts gradle', code(kotlin)],
  ['swift', code(swift)],
  ['scala sc sbt', code(scala)],
  ['go', code(go)],
  ['rs', code(rust)],
  ['rb rake gemspec ru podspec', code(ruby)],
  ['php phtml', code(php)],
  ['sh bash zsh ksh bats', code(shell)],
  ['pl pm t', code(perl)],
  ['lua', code(lua)],
  ['ex exs', code(elixir)],
  ['json jsonc json5 webmanifest code-workspace', code(json)],
  ['proto graphql gql thrift', code(schema)],
  ['yaml yml', lines(yaml)],
  ['toml ini cfg conf properties env editorconfig', lines(settings)],
  ['mk mak', lines(makefile)],
  ['dockerfile', lines(dockerfile)],
  ['cmake', lines(cmake)],
  ['sql', lines(sql)],
  ['css scss less', lines(stylesheet)],
  ['md markdown mdx rst adoc', prose],
];

const byName: readonly (readonly [names: string, syntax: Syntax])[] = [
  ['makefile gnumakefile', lines(makefile)],
  ['dockerfile containerfile', lines(dockerfile)],
  ['cmakelists.txt', lines(cmake)],
  ['rakefile gemfile podfile vagrantfile', code(ruby)],
  ['build workspace', code(python)],
  ['.bashrc .profile .zshrc', code(shell)],
];

/** The interpreters named in the first line of a script. */
const byInterpreter: readonly (readonly [pattern: RegExp, syntax: Syntax])[] = [
  [/^#!.*\bpython/, code(python)],
  [/^#!.*\b(?:node|deno|bun)\b/, code(javascript)],
  [/^#!.*\bruby\b/, code(ruby)],
  [/^#!.*\bphp\b/, code(php)],
  [/^#!.*\bperl\b/, code(perl)],
  [/^#!.*\b(?:ba|z|k|da)?sh\b/, code(shell)],
];

function table(entries: typeof byExtension): ReadonlyMap<string, Syntax> {
  return new Map(
    entries.flatMap(([keys, syntax]) => keys.split(' ').map((key) => [key, syntax] as const)),
  );
}

const extensions = table(byExtension);
const names = table(byName);

/** The syntax of a file, by its name, or else by the interpreter that it names. */
export function syntaxOf(path: string, text: string): Syntax {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const dot = name.lastIndexOf('.');
  const known = names.get(name) ?? (dot === -1 ? undefined : extensions.get(name.slice(dot + 1)));
  if (known !== undefined) return known;
  const first = text.slice(0, 80);
  return byInterpreter.find(([pattern]) => pattern.test(first))?.[1] ?? plain;
}
