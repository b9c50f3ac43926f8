import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Sources of our direct dependencies, at the versions that package-lock.json pins. All have the MIT
 * licence. The project keeps no copy of them: they are read from where npm installed them.
 */
const sources = ['zod/src/v4', 'minisearch/src', 'eslint/lib', 'vscode-jsonrpc/lib'];

const maxBlockLines = 14;
const maxLineLength = 109;

/** Real code to place between the facts. */
export interface Filler {
  /** Complete top-level statements without blank lines, in a fixed order. */
  readonly blocks: readonly string[];
  /** Every identifier in them; generated names must differ from these. */
  readonly identifiers: ReadonlySet<string>;
}

let cached: Filler | undefined;

/** Reads the filler once per process. */
export function readFiller(): Filler {
  cached ??= collect();
  return cached;
}

function collect(): Filler {
  const modules = fileURLToPath(new URL('../../../node_modules/', import.meta.url));
  const blocks = new Set<string>();
  for (const source of sources) {
    const folder = join(modules, source);
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
    for (const name of names) {
      if (!/\.[jt]s$/.test(name) || /(\.d\.ts|\.test\.[jt]s|min\.js)$|tests|locales/.test(name))
        continue;
      for (const block of statements(readFileSync(join(folder, name), 'utf8'))) blocks.add(block);
    }
  }
  const all = [...blocks];
  const identifiers = new Set(all.flatMap((block) => block.match(/[A-Za-z_$][\w$]*/g) ?? []));
  return { blocks: all, identifiers };
}

/** The short top-level statements of one source file, each with balanced brackets. */
function* statements(source: string): Generator<string> {
  const lines = source
    .replaceAll('\r\n', '\n')
    .replaceAll('\t', '  ')
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
  let start = 0;
  for (let end = 1; end <= lines.length; end++) {
    const next = lines[end];
    if (next !== undefined && /^[\s)\]}>*|&]/.test(next)) continue;
    const block = lines.slice(start, end);
    start = end;
    if (isUsable(block)) yield block.join('\n');
  }
}

function isUsable(block: readonly string[]): boolean {
  const text = block.join('\n');
  return (
    block.length <= maxBlockLines &&
    block.every((line) => line.length <= maxLineLength) &&
    text.length > 20 &&
    /[;}]$/.test(text) &&
    // Skip imports, re-exports and comments: they make poor filler.
    /^(export (async )?(function|const|class|interface|type|enum) |(async )?function |const |let |class |interface |type |enum )/.test(
      text,
    ) &&
    !/require\(|from ["']|import\(/.test(text) &&
    /^[\t\n\x20-\x7e]*$/.test(text) &&
    ['()', '[]', '{}'].every(([open = '', close = '']) => count(text, open) === count(text, close))
  );
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}
