/** T2 of the suite: facts in files that were read. The value of a given declaration is scored. */
import { Random } from '../../generator/random.ts';
import type { Prepared } from '../repositories/prepared.ts';
import type { Place } from './places.ts';

type FactKind = 'constant' | 'member' | 'default' | 'source' | 'parameters' | 'base';

const literal = String.raw`(?:-?\d[\w.]*|'[^'\\\n]{2,40}'|"[^"\\\n]{2,40}")`;

/** Each matches a line: the given part, then the value with its terminator. */
const patterns: readonly (readonly [FactKind, RegExp])[] = [
  [
    'source',
    /^((?:import|export)\s.*\sfrom|(?:const|let|var)\s.*\brequire\()(\s*(?:'[^'\n]+'|"[^"\n]+")[;)]?)/u,
  ],
  ['source', /^(from\s+)(\.?\w[\w.]*\s)import\b/u],
  [
    'constant',
    new RegExp(
      String.raw`^\s*((?:export\s+)?(?:const|let|var|static|readonly)\s[^=(]*=)(\s*${literal}[;,]?)\s*$`,
      'u',
    ),
  ],
  ['constant', new RegExp(String.raw`^([A-Z][A-Z\d_]{2,}(?::[^=]*)?\s*=)(\s*${literal})\s*$`, 'u')],
  ['member', new RegExp(String.raw`^\s+([A-Za-z_]\w{2,}\s*[=:])(\s*${literal},?)\s*$`, 'u')],
  [
    'base',
    /^(?:export\s+)?(?:default\s+)?(?:abstract\s+)?(class\s+\w{3,}\s+extends)(\s+\w{3,})\b/u,
  ],
  ['base', /^(class\s+\w{3,}\()(\w{3,}\))/u],
  ['default', new RegExp(String.raw`^(.*\(.*\b\w{2,}\s*=)(\s*${literal})[,)]`, 'u')],
  [
    'parameters',
    /^\s*((?:export\s+)?(?:default\s+)?(?:async\s+)?(?:function\*?|def)\s+\w{3,}\s*\()([^()'"\n]{6,70}\))/u,
  ],
  [
    'parameters',
    /^\s+((?:static\s+)?(?:async\s+)?(?!if|for|while|switch|catch|return)[a-z_]\w{2,}\()([^()'"\n]{6,70}\))(?=[^;]*\{$)/u,
  ],
];

/** Values so common that a right guess proves nothing. */
const ordinary = /^\s*(?:-?[012]|["']?(?:true|false|null|None|utf-?8)["']?)[;,)]?$/iu;

/**
 * Selects at most `count` facts by seed, each stated in one place of the files read.
 * @throws Error if no file states one
 */
export function factsIn(
  { files, division }: Prepared,
  options: { readonly seed: number; readonly count: number },
): Place[] {
  const facts = [...division.read, ...division.entries]
    .sort()
    .flatMap((path) => factsOf(path, files.get(path) ?? ''));
  const times = new Map<string, number>();
  for (const { prefix } of facts) times.set(prefix, (times.get(prefix) ?? 0) + 1);
  const single = facts.filter(({ prefix }) => times.get(prefix) === 1);
  if (single.length === 0) throw new Error('No file that is read states a value in one place.');
  return new Random(options.seed).shuffle(single).slice(0, options.count);
}

/** The facts of a file, at most one per line. */
export function factsOf(path: string, text: string): Place[] {
  return text.split('\n').flatMap((line): Place[] => {
    if (line.length > 200) return [];
    for (const [kind, pattern] of patterns) {
      const [, prefix, expected] = pattern.exec(line) ?? [];
      if (prefix === undefined || expected === undefined || ordinary.test(expected)) continue;
      return [{ origin: 'fact', kind, heldOutPath: path, prefix: prefix.trimStart(), expected }];
    }
    return [];
  });
}
