import { readFiller } from './filler.ts';
import type { Benchmark, BenchmarkItem } from './items.ts';
import { Names } from './names.ts';
import type { Plant } from './plants.ts';
import { Plants } from './plants.ts';
import { Random } from './random.ts';
import type { GeneratedRepository } from './repository.ts';
import { generateRepository } from './repository.ts';
import { readWords } from './words.ts';

export interface BenchmarkOptions {
  readonly seed: number;
  /** The approximate number of tokens in the repository, counted for the bundled model. */
  readonly tokens: number;
  /**
   * Questions of the recall task; the other tasks get a fraction, see {@link generateBenchmark}.
   */
  readonly questions: number;
}

/** Tokens of the repository per question, so that questions cover only a part of it. */
const tokensPerQuestion = 90;

/** The measured number of tokens planted per question of the recall task. */
const plantedPerQuestion = 45;

/**
 * Generates a repository like {@link generateRepository} and plants the code that the benchmark's
 * tasks need at the ends of its files. For N recall questions: N/2 snippets for the loss, N/8
 * functions to copy, N/8 needles of each shape and N/8 questions of each kind outside the headline.
 * A small repository gets fewer questions than requested.
 */
export function generateBenchmark(options: BenchmarkOptions): Benchmark {
  const most = Math.max(6, Math.floor(options.tokens / tokensPerQuestion));
  const questions = Math.min(options.questions, most);
  const repository = generateRepository({
    seed: options.seed,
    tokens: Math.max(700, options.tokens - plantedPerQuestion * questions),
    questions,
  });
  // Use another sequence than the repository's.
  const random = new Random(2 ** 32 * 7 + options.seed);
  const text = [...repository.files.values()].join('\n');
  const taken = new Set([
    ...readFiller().identifiers,
    ...(text.match(/[A-Za-z_$][\w$]*/g) ?? []),
    ...[...repository.files.keys()].flatMap((path) => path.split(/\W/)),
  ]);
  const names = new Names(random, readWords(false), 0.2, taken);
  const plants = new Plants(random, names, new Set(text.match(/\d+/g)));
  const heldOutPath = (): string => names.filePath('typescript').replace(/\.\w+$/, '.ts');
  const drawn = drawPlants(plants, questions, heldOutPath);
  const { files, items } = plantAll(random, repository, drawn);
  return {
    name: repository.name,
    files,
    items: [
      ...repository.questions.map(({ kind, question, answer, path, line }) => ({
        task: 'recall' as const,
        kind,
        question,
        answers: [answer],
        headline: true,
        path,
        line,
      })),
      ...importSites(random, repository, Math.floor(questions / 4), heldOutPath),
      ...items,
    ],
  };
}

function drawPlants(plants: Plants, questions: number, heldOutPath: () => string): Plant[] {
  const few = Math.max(1, Math.floor(questions / 8));
  const times = (count: number, draw: () => Plant): Plant[] =>
    Array.from({ length: count }, () => draw());
  return [
    ...times(Math.max(1, Math.floor(questions / 4)), () => plants.call(heldOutPath())),
    ...times(few, () => plants.body(heldOutPath())),
    ...times(few, () => plants.single()),
    ...times(few, () => plants.multiKey()),
    ...times(few, () => plants.multiValue()),
    ...times(few, () => plants.tracking()),
    ...times(few, () => plants.alias()),
    ...times(few, () => plants.caller()),
    ...times(few, () => plants.definition()),
  ];
}

/** Plants each part at the end of a source file, the parts of one plant in different files. */
function plantAll(
  random: Random,
  repository: GeneratedRepository,
  plants: readonly Plant[],
): { files: Map<string, string>; items: BenchmarkItem[] } {
  const files = new Map(repository.files);
  const sources = [...files.keys()].filter((path) => /\.[jt]sx?$/.test(path));
  const items: BenchmarkItem[] = [];
  for (const { item, parts, marker } of plants) {
    const shuffled = random.shuffle(sources);
    const paths = parts.map((_, index) => shuffled[index % shuffled.length] ?? '');
    for (const [index, path] of paths.entries()) {
      files.set(path, `${files.get(path) ?? ''}\n${parts[index]?.code ?? ''}\n`);
    }
    const path = paths[0] ?? '';
    const line = (files.get(path) ?? '').split('\n').lastIndexOf(marker) + 1;
    if (line === 0) throw new Error(`${marker} is not in ${path}.`);
    items.push({ ...item, path, line });
  }
  return { files, items };
}

/** Imports in a file of the repository, as another file would write them. */
function importSites(
  random: Random,
  repository: GeneratedRepository,
  count: number,
  heldOutPath: () => string,
): BenchmarkItem[] {
  const found = [...repository.files].flatMap(([path, text]) =>
    text.split('\n').flatMap((code, index) => {
      const [, prefix, expected] = /^(import .* from ["'])(.+["'];)$/.exec(code) ?? [];
      return prefix === undefined || expected === undefined
        ? []
        : [{ prefix, expected: `${expected}\n`, path, line: index + 1 }];
    }),
  );
  return random
    .shuffle(found)
    .slice(0, Math.max(1, count))
    .map((site) => ({
      task: 'loss' as const,
      kind: 'import',
      heldOutPath: heldOutPath(),
      ...site,
    }));
}
