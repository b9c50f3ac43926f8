/** The languages whose code is highlighted, by the words that fences name them with. */

import {
  c,
  cpp,
  csharp,
  dart,
  java,
  kotlin,
  objectiveC,
  scala,
} from '@codemirror/legacy-modes/mode/clike';
import { css, less, sCSS } from '@codemirror/legacy-modes/mode/css';
import { diff } from '@codemirror/legacy-modes/mode/diff';
import { go } from '@codemirror/legacy-modes/mode/go';
import { javascript, json, typescript } from '@codemirror/legacy-modes/mode/javascript';
import { python } from '@codemirror/legacy-modes/mode/python';
import { ruby } from '@codemirror/legacy-modes/mode/ruby';
import { rust } from '@codemirror/legacy-modes/mode/rust';
import { shell } from '@codemirror/legacy-modes/mode/shell';
import { standardSQL } from '@codemirror/legacy-modes/mode/sql';
import { toml } from '@codemirror/legacy-modes/mode/toml';
import { xml } from '@codemirror/legacy-modes/mode/xml';
import { yaml } from '@codemirror/legacy-modes/mode/yaml';
import type { StreamParser } from '@codemirror/streamparser';
import { markdown } from './markdown-language.ts';
import { markup } from './markup.ts';
import { php } from './php.ts';

export type Language = StreamParser<unknown>;

const languages: readonly (readonly [Language, string])[] = [
  [typescript, 'typescript ts tsx mts cts typescriptreact'],
  [javascript, 'javascript js jsx mjs cjs javascriptreact node'],
  [json, 'json jsonc json5 jsonl'],
  [python, 'python py pyi python3'],
  [go, 'go golang'],
  [rust, 'rust rs'],
  [c, 'c h'],
  [cpp, 'cpp c++ cc cxx hpp hh hxx cuda cu'],
  [java, 'java'],
  [csharp, 'csharp c# cs'],
  [kotlin, 'kotlin kt kts'],
  [scala, 'scala'],
  [dart, 'dart'],
  [objectiveC, 'objectivec objective-c objc m'],
  [markup, 'html htm xhtml vue svelte'],
  [xml, 'xml svg xsd xsl plist csproj'],
  [css, 'css'],
  [sCSS, 'scss'],
  [less, 'less'],
  [shell, 'bash sh shell zsh shellscript console shellsession'],
  [yaml, 'yaml yml'],
  [standardSQL, 'sql sqlite mysql postgres postgresql plsql tsql'],
  [markdown, 'markdown md mdx'],
  [php, 'php'],
  [ruby, 'ruby rb'],
  [toml, 'toml ini'],
  [diff, 'diff patch'],
];

const byName = new Map(
  languages.flatMap(([language, names]) =>
    names.split(' ').map((name) => [name, language] as const),
  ),
);

/**
 * Returns the language that a fence names: `ts`, `ts:src/a.ts`, `{.python}`, `src/a.ts`.
 * @param info what is behind the fence's marks
 * @returns null if it names none that is known
 */
export function languageOf(info: string): Language | null {
  const word = /^[{.\s]*(?<word>[^\s:{},]*)/u.exec(info.slice(0, 300))?.groups?.['word'] ?? '';
  const name = word.toLowerCase();
  return byName.get(name) ?? byName.get(name.slice(name.lastIndexOf('.') + 1)) ?? null;
}
