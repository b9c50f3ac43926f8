/**
 * Evaluates whether tree-sitter should replace `repository/structure`: speed, agreement on
 * declarations, and the effect of broken and hostile texts. Neither package is a dependency:
 *     npm install --prefix SCRATCH web-tree-sitter @vscode/tree-sitter-wasm
 *     npx tsx test/performance/tree-sitter.ts SCRATCH/node_modules FOLDER... \
 *         [--only speed,agreement,exported,broken,hostile] [--show 10] [--seed 1]
 *
 * `--show` prints that many disagreements per language, each from a different file, with context.
 */
import { parseArgs } from 'node:util';
import { lineUnits } from '../../extension/repository/structure/line-units.ts';
import { Random } from '../quality/generator/random.ts';
import { median } from '../quality/statistics.ts';
import { formatTable } from '../quality/table.ts';
import type { Disagreement } from './tree-sitter/agreement.ts';
import { compareUnits } from './tree-sitter/agreement.ts';
import { damageTable } from './tree-sitter/damage.ts';
import type { LanguageName, SourceFile } from './tree-sitter/corpus.ts';
import { readCorpus } from './tree-sitter/corpus.ts';
import { exportedTable } from './tree-sitter/exported.ts';
import type { Grammar } from './tree-sitter/grammar.ts';
import { loadGrammar, loadTreeSitter } from './tree-sitter/grammar.ts';
import { hostileTable } from './tree-sitter/hostile.ts';
import type { GrammarName } from './tree-sitter/queries.ts';
import { queries } from './tree-sitter/queries.ts';
import { ourUnits, treeUnits } from './tree-sitter/units.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', default: 'speed,agreement,exported,broken,hostile' },
    show: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
  },
});
const [packages, ...folders] = positionals;
if (packages === undefined || folders.length === 0) {
  throw new Error('Usage: tree-sitter.ts PACKAGES FOLDER... (PACKAGES: a node_modules folder)');
}
const rounds = 5;
const names: readonly LanguageName[] = ['TypeScript', 'JavaScript', 'C++', 'Python'];

type Grammars = ReadonlyMap<GrammarName, Grammar>;

async function loadGrammars(from: string): Promise<Grammars> {
  const startedAt = performance.now();
  const treeSitter = await loadTreeSitter(from);
  console.log(`web-tree-sitter starts in ${(performance.now() - startedAt).toFixed(0)} ms.\n`);
  const grammars = new Map<GrammarName, Grammar>();
  for (const name of ['typescript', 'tsx', 'javascript', 'cpp', 'python'] as const) {
    grammars.set(name, await loadGrammar(treeSitter, from, name));
  }
  const rows = [...grammars.values()].map(({ name, startMs, bytes }) => ({
    grammar: name,
    'start ms': startMs.toFixed(0),
    'WASM bytes': bytes,
    'query bytes': queries[name].length,
  }));
  console.log(`${formatTable(rows)}\n`);
  return grammars;
}

function grammarOf(grammars: Grammars, { grammar }: SourceFile): Grammar {
  const found = grammars.get(grammar);
  if (found === undefined) throw new Error(`No grammar ${grammar}.`);
  return found;
}

/** The CPU seconds of the process while `work` ran, on any number of threads. */
function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function speedRow(language: LanguageName, files: readonly SourceFile[], grammars: Grammars): Row {
  const megabytes = files.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
  const contenders = {
    'our units': (file: SourceFile) => lineUnits(file.path, file.text),
    'and names': (file: SourceFile) => ourUnits(file.path, file.text),
    'tree alone': (file: SourceFile) => grammarOf(grammars, file).parser.parse(file.text)?.delete(),
    'tree and query': (file: SourceFile) =>
      treeUnits(grammarOf(grammars, file), file.text, file.lines),
  };
  const seconds = new Map<string, number[]>();
  for (let round = 0; round <= rounds; round++) {
    for (const [name, work] of Object.entries(contenders)) {
      const taken = cpuSeconds(() => {
        for (const file of files) work(file);
      });
      // The first round warms up the JIT compiler.
      if (round > 0) seconds.set(name, [...(seconds.get(name) ?? []), taken]);
    }
  }
  const speeds: Record<string, string> = {};
  for (const [name, times] of seconds) {
    speeds[`${name} MB/s`] = (megabytes / median(times)).toFixed(2);
  }
  return { language, files: files.length, MB: megabytes.toFixed(1), ...speeds };
}

type Row = Readonly<Record<string, string | number>>;
interface Found extends Disagreement {
  readonly file: SourceFile;
}

function agreementRow(
  language: LanguageName,
  files: readonly SourceFile[],
  grammars: Grammars,
): readonly [Row, readonly Found[]] {
  let same = 0;
  let named = 0;
  let nameFound = 0;
  let faulty = 0;
  const all: Found[] = [];
  for (const file of files) {
    const parsed = grammarOf(grammars, file).parser.parse(file.text);
    if (parsed?.rootNode.hasError !== false) faulty++;
    parsed?.delete();
    const tree = treeUnits(grammarOf(grammars, file), file.text, file.lines);
    const agreement = compareUnits(ourUnits(file.path, file.text), tree);
    same += agreement.same;
    named += agreement.named;
    nameFound += agreement.nameFound;
    all.push(...agreement.disagreements.map((found) => ({ ...found, file })));
  }
  const count = (difference: string): number =>
    all.filter((found) => found.difference === difference).length;
  const row = {
    language,
    units: same + all.length,
    'same %': ((100 * same) / (same + all.length)).toFixed(2),
    'only ours': count('only ours'),
    'only tree-sitter': count('only tree-sitter'),
    kind: count('kind'),
    'first line': count('first line'),
    'last line': count('last line'),
    'trees with errors %': ((100 * faulty) / files.length).toFixed(1),
    'names %': ((100 * nameFound) / named).toFixed(2),
  };
  return [row, all];
}

function show(found: Found): void {
  const { file, line, difference, ours, tree } = found;
  const say = (unit: Found['ours']): string =>
    unit === null
      ? '-'
      : `${unit.kind} ${String(unit.first + 1)}-${String(unit.last + 1)} ${unit.names.join(',')}`;
  console.log(`\n[${difference}] ${file.path}:${String(line + 1)}`);
  console.log(`  ours: ${say(ours)}\n  tree: ${say(tree)}`);
  for (let at = Math.max(0, line - 3); at < Math.min(file.lines.length, line + 5); at++) {
    console.log(`  ${at === line ? '>' : ' '} ${(file.lines[at] ?? '').slice(0, 140)}`);
  }
}

async function main(from: string): Promise<void> {
  const parts = new Set(options.only.split(','));
  const grammars = await loadGrammars(from);
  const corpus = readCorpus(folders);
  const byLanguage = names.map(
    (name) => [name, corpus.filter(({ language }) => language === name)] as const,
  );
  if (parts.has('speed')) {
    const rows = byLanguage.map(([name, files]) => speedRow(name, files, grammars));
    console.log(`${formatTable(rows)}\n`);
  }
  if (parts.has('agreement')) {
    const all = byLanguage.map(([name, files]) => agreementRow(name, files, grammars));
    console.log(`${formatTable(all.map(([row]) => row))}\n`);
    const random = new Random(Number(options.seed));
    for (const [, found] of all) {
      const byFile = new Map(random.shuffle(found).map((one) => [one.file, one]));
      for (const one of [...byFile.values()].slice(0, Number(options.show))) show(one);
    }
  }
  if (parts.has('exported')) {
    const headers = corpus.filter(({ language }) => language === 'C++');
    console.log(`${formatTable(exportedTable(headers, (file) => grammarOf(grammars, file)))}\n`);
  }
  if (parts.has('broken')) {
    const random = new Random(Number(options.seed));
    const rows = byLanguage.flatMap(([name, files]) =>
      damageTable(name, files, (file) => grammarOf(grammars, file), random),
    );
    console.log(`${formatTable(rows)}\n`);
  }
  if (parts.has('hostile')) console.log(formatTable(await hostileTable(from)));
}

await main(packages);
