/** Selects real source files below some folders, the same ones each time. */

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { GrammarName } from './queries.ts';

/** The languages to compare; both TypeScript grammars count as one. */
export type LanguageName = 'TypeScript' | 'JavaScript' | 'C++' | 'Python';

export interface SourceFile {
  readonly path: string;
  readonly language: LanguageName;
  readonly grammar: GrammarName;
  readonly text: string;
  readonly lines: readonly string[];
  readonly bytes: number;
}

const languages: Readonly<Record<string, readonly [LanguageName, GrammarName]>> = {
  ts: ['TypeScript', 'typescript'],
  mts: ['TypeScript', 'typescript'],
  cts: ['TypeScript', 'typescript'],
  tsx: ['TypeScript', 'tsx'],
  js: ['JavaScript', 'javascript'],
  mjs: ['JavaScript', 'javascript'],
  cjs: ['JavaScript', 'javascript'],
  cpp: ['C++', 'cpp'],
  cc: ['C++', 'cpp'],
  h: ['C++', 'cpp'],
  hpp: ['C++', 'cpp'],
  py: ['Python', 'python'],
};
/** The most bytes of one language from one folder. */
const mostBytes = 4e6;
const mostFileBytes = 400_000;

function walk(folder: string, found: string[]): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!/^(?:\.|dist$|build$|umd$|min$|__pycache__$)/u.test(entry.name)) walk(file, found);
    } else if (entry.isFile() && languageOf(file) !== undefined) {
      found.push(file);
    }
  }
}

function languageOf(file: string): readonly [LanguageName, GrammarName] | undefined {
  return languages[path.extname(file).slice(1)];
}

/** Whether a text is human-written code: not bundled or minified. */
function isReadable(text: string, lines: readonly string[]): boolean {
  return (
    !text.includes('\0') &&
    text.length < 80 * lines.length &&
    lines.every((line) => line.length < 1000)
  );
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Reads a pseudo-random selection of the files of each language, limited per folder. */
export function readCorpus(folders: readonly string[]): SourceFile[] {
  const corpus: SourceFile[] = [];
  const seen = new Set<string>();
  for (const folder of folders) {
    if (!existsSync(folder)) throw new Error(`${folder} does not exist.`);
    const found: string[] = [];
    walk(folder, found);
    const taken = new Map<LanguageName, number>();
    const keyed = found.map((file) => ({ file, key: hash(path.relative(folder, file)) }));
    for (const { file } of keyed.sort((a, b) => (a.key < b.key ? -1 : 1))) {
      const [language, grammar] = languageOf(file) ?? [];
      const before = language === undefined ? 0 : (taken.get(language) ?? 0);
      if (language === undefined || grammar === undefined || before > mostBytes) continue;
      const { size } = statSync(file);
      if (size > mostFileBytes) continue;
      const text = readFileSync(file, 'utf8');
      const lines = text.split('\n');
      const identity = hash(text);
      if (seen.has(identity) || !isReadable(text, lines)) continue;
      seen.add(identity);
      taken.set(language, before + size);
      corpus.push({ path: file, language, grammar, text, lines, bytes: size });
    }
  }
  return corpus;
}
