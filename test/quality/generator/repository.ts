import type { Fact, Place, QuestionKind } from './facts.ts';
import { Facts, questionKinds } from './facts.ts';
import { readFiller } from './filler.ts';
import { layOut } from './layout.ts';
import type { Language } from './names.ts';
import { Names } from './names.ts';
import { Random } from './random.ts';
import { Shapes } from './shapes.ts';
import { readWords } from './words.ts';

/** A question with one right answer, and where the repository states it. */
export interface Question {
  readonly kind: QuestionKind;
  readonly question: string;
  readonly answer: string;
  /** The name asked about; it occurs once in the repository. */
  readonly key: string;
  /** Relative to the repository, with forward slashes. */
  readonly path: string;
  /** The line of the name, from 1. */
  readonly line: number;
  /** The line of the value, from 1; may equal `line`. */
  readonly endLine: number;
}

export interface GeneratedRepository {
  readonly name: string;
  /** Text by path, ordered by path. */
  readonly files: ReadonlyMap<string, string>;
  readonly questions: readonly Question[];
}

export interface RepositoryOptions {
  readonly seed: number;
  /** The approximate number of tokens in all files, counted for the bundled model. */
  readonly tokens: number;
  /** The number of questions; the kinds take turns. */
  readonly questions: number;
  /** Whether to use words that the model's training never put into an identifier. */
  readonly heldOutWords?: boolean;
}

/** Measured characters per token of the bundled model's tokeniser over generated files. */
export const charactersPerToken = 2.6;

const meanFileTokens = 350;
const nearMissShare = 0.45;
const pythonShare = 0.18;

interface Draft extends Place {
  /** The target size in characters. */
  readonly size: number;
  readonly fillerShare: number;
  readonly asked: Fact[];
  readonly others: Fact[];
  readonly filler: string[];
}

/**
 * Generates a repository of small source files and questions about it. Names and values are random
 * and occur once, so a right answer proves that the text was held or read again. A pure function of
 * its options and of the pinned dependencies whose code fills the files.
 */
export function generateRepository(options: RepositoryOptions): GeneratedRepository {
  const random = new Random(options.seed);
  const filler = readFiller();
  const rareShare = options.heldOutWords === true ? 0.6 : 0.2;
  const words = readWords(options.heldOutWords === true);
  const names = new Names(random, words, rareShare, filler.identifiers);
  const shapes = new Shapes(random, names);
  const facts = new Facts(random, names, shapes);

  const name = shapes.repositoryName();
  const drafts = draftFiles(random, names, options.tokens);
  for (let index = 0; index < options.questions; index++) {
    const draft = drafts[index % drafts.length];
    const kind = questionKinds[index % questionKinds.length];
    if (draft === undefined || kind === undefined) throw new RangeError('No file to ask about.');
    draft.asked.push(drawAsked(random, facts, kind, draft));
    addNearMiss(random, facts, draft, drafts);
  }
  fill(random, facts, drafts, filler.blocks);
  return assemble(random, shapes, name, drafts);
}

/** Drafts the files, without contents, in random order. */
function draftFiles(random: Random, names: Names, tokens: number): Draft[] {
  const count = Math.max(1, Math.round(tokens / meanFileTokens));
  return Array.from({ length: count }, () => {
    const language: Language = random.chance(pythonShare) ? 'python' : 'typescript';
    return {
      path: names.filePath(language),
      language,
      size: random.integer(meanFileTokens - 90, meanFileTokens + 90) * charactersPerToken,
      fillerShare: 0.5 + 0.45 * random.next(),
      asked: [],
      others: [],
      filler: [],
    };
  });
}

function drawAsked(random: Random, facts: Facts, kind: QuestionKind, place: Place): Fact {
  if (kind !== 'file' || random.chance(0.75)) return facts.draw(kind, place);
  const other = random.pick(['returns', 'default', 'const'] as const);
  return facts.askForFile(facts.draw(other, place), place);
}

/** Sometimes adds a fact about a name that resembles the last one asked about. */
function addNearMiss(random: Random, facts: Facts, draft: Draft, drafts: readonly Draft[]): void {
  const asked = draft.asked.at(-1);
  if (asked === undefined || !random.chance(nearMissShare)) return;
  const place = random.chance(0.5) ? draft : random.pick(drafts);
  const kind = random.chance(0.7) ? asked.kind : 'const';
  place.others.push(facts.draw(kind, place, asked.key));
}

/** Fills the files to their sizes with unrelated facts and real code. */
function fill(
  random: Random,
  facts: Facts,
  drafts: readonly Draft[],
  blocks: readonly string[],
): void {
  let pool: string[] = [];
  for (const draft of drafts) {
    for (let room = draft.size - sizeOf(draft); room > 60;) {
      if (draft.language === 'typescript' && random.chance(draft.fillerShare)) {
        if (pool.length === 0) pool = random.shuffle(blocks);
        const block = pool.pop() ?? '';
        if (block.length > room) continue;
        draft.filler.push(block);
        room -= block.length + 1;
      } else {
        const fact = facts.draw(random.pick(questionKinds), draft);
        draft.others.push(fact);
        room -= codeLength(fact);
      }
    }
  }
}

function sizeOf(draft: Draft): number {
  return [...draft.asked, ...draft.others].reduce((sum, fact) => sum + codeLength(fact), 0);
}

function codeLength({ code }: Fact): number {
  return typeof code === 'string' ? code.length + 1 : code.name.length + code.value.length + 18;
}

function assemble(
  random: Random,
  shapes: Shapes,
  name: string,
  drafts: readonly Draft[],
): GeneratedRepository {
  const files = new Map<string, string>();
  const questions: Question[] = [];
  for (const draft of drafts) {
    const { text, facts } = layOut(
      random,
      shapes,
      draft.language,
      [...draft.asked, ...draft.others],
      draft.filler,
    );
    files.set(draft.path, text);
    const asked = new Set(draft.asked.map(({ key }) => key));
    for (const { kind, question, answer, key, line, endLine } of facts) {
      if (!asked.has(key)) continue;
      questions.push({ kind, question, answer, key, path: draft.path, line, endLine });
    }
  }
  for (const [path, text] of describe(name, [...files.keys()])) files.set(path, text);
  const byPath = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  return { name, files: new Map(byPath), questions: random.shuffle(questions) };
}

/** The files that every repository has besides its sources. */
function describe(name: string, paths: readonly string[]): [path: string, text: string][] {
  const folders = [...new Set(paths.map((path) => path.split('/')[0] ?? path))].sort();
  const manifest = { name, version: '1.0.0', private: true, type: 'module' };
  const readme = [
    `# ${name}`,
    '',
    'A made-up repository for trying out and measuring Loci. Its names and values mean nothing.',
    '',
    ...folders.map((folder) => `- \`${folder}/\``),
    '',
  ];
  return [
    ['package.json', JSON.stringify(manifest, null, 2) + '\n'],
    ['README.md', readme.join('\n')],
  ];
}
