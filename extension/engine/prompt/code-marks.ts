/**
 * The control tokens by which a model was taught code: what stands around the cursor, and where a
 * repository and a file begin. llama.cpp's own table names most of them; ours adds the families that
 * it misses, and the order in which each was trained to read the two sides.
 */

import type { RepositoryTokens } from '../../repository/stream/tokenizer.ts';
import type { NativeModel } from '../native/contract.ts';

/** How a model fills in the middle. */
export interface InfillMarks {
  readonly prefix: number;
  readonly suffix: number;
  /** Opens what is to be written; null where that follows the text before the cursor directly. */
  readonly middle: number | null;
  /** Which side of the cursor comes first. */
  readonly order: 'prefix-first' | 'suffix-first';
  /** Whether the file's header opens the whole prompt, or the text before the cursor. */
  readonly header: 'first' | 'in-prefix';
}

export interface CodeMarks {
  /** Null for a model that never learned to fill in. */
  readonly infill: InfillMarks | null;
  readonly repository: RepositoryTokens;
}

/** What the marks are looked up in. */
export type MarkedModel = Pick<NativeModel, 'tokenize'> & {
  readonly info: Pick<NativeModel['info'], 'tokens' | 'name' | 'architecture'>;
};

interface Family extends Pick<InfillMarks, 'order' | 'header'> {
  readonly prefix: string;
  readonly suffix: string;
  readonly middle: string | null;
  /** What the model's name says, where others have the same marks. */
  readonly name?: RegExp;
}

/** In this order; what none of them matches has llama.cpp's marks, prefix first. */
const families: readonly Family[] = [
  // Seed-Coder (arXiv:2506.03524, section 3.2), and what was made of it: Zeta.
  {
    ...{ prefix: '<[fim-prefix]>', suffix: '<[fim-suffix]>', middle: '<[fim-middle]>' },
    ...{ order: 'suffix-first', header: 'in-prefix' },
  },
  // Mellum has StarCoder's marks in another order.
  {
    ...{ prefix: '<fim_prefix>', suffix: '<fim_suffix>', middle: '<fim_middle>' },
    ...{ order: 'suffix-first', header: 'first', name: /mellum/iu },
  },
  // Codestral.
  {
    ...{ prefix: '[PREFIX]', suffix: '[SUFFIX]', middle: null },
    ...{ order: 'suffix-first', header: 'in-prefix' },
  },
];

/** Marks of files and repositories: Qwen; StarCoder 2; Granite 4; StarCoder and Granite; files alone. */
const repositories: readonly { readonly repository: string | null; readonly file: string }[] = [
  { repository: '<|repo_name|>', file: '<|file_sep|>' },
  { repository: '<repo_name>', file: '<file_sep>' },
  { repository: '<|reponame|>', file: '<|filename|>' },
  { repository: '<reponame>', file: '<filename>' },
  { repository: null, file: '<filename>' },
];

const known = new WeakMap<MarkedModel, CodeMarks>();

/** The marks of a model, looked up once. */
export function codeMarks(model: MarkedModel): CodeMarks {
  const before = known.get(model);
  if (before !== undefined) return before;
  const marks = { infill: infillMarks(model), repository: repositoryMarks(model) };
  known.set(model, marks);
  return marks;
}

/** Every mark of code that a model has. No answer and no completion contains one. */
export function markTokens(model: MarkedModel): ReadonlySet<number> {
  const { infill, repository } = codeMarks(model);
  const { fimPrefix, fimSuffix, fimMiddle, fimRepository, fimFileSeparator } = model.info.tokens;
  const all = [fimPrefix, fimSuffix, fimMiddle, fimRepository, fimFileSeparator];
  all.push(infill?.prefix ?? -1, infill?.suffix ?? -1, infill?.middle ?? -1);
  all.push(repository.fimRepository, repository.fimFileSeparator);
  return new Set(all.filter((token) => token >= 0));
}

function infillMarks(model: MarkedModel): InfillMarks | null {
  for (const { name, order, header, ...texts } of families) {
    if (name !== undefined && !name.test(`${model.info.name} ${model.info.architecture}`)) continue;
    const prefix = tokenOf(model, texts.prefix);
    const suffix = tokenOf(model, texts.suffix);
    const middle = texts.middle === null ? null : tokenOf(model, texts.middle);
    if (prefix >= 0 && suffix >= 0 && middle !== -1) {
      return { prefix, suffix, middle, order, header };
    }
  }
  const { fimPrefix: prefix, fimSuffix: suffix, fimMiddle: middle } = model.info.tokens;
  if (prefix < 0 || suffix < 0 || middle < 0) return null;
  return { prefix, suffix, middle, order: 'prefix-first', header: 'first' };
}

function repositoryMarks(model: MarkedModel): RepositoryTokens {
  const { fimRepository, fimFileSeparator } = model.info.tokens;
  if (fimRepository >= 0 && fimFileSeparator >= 0) return { fimRepository, fimFileSeparator };
  for (const { repository, file } of repositories) {
    const marks = {
      fimRepository: repository === null ? -1 : tokenOf(model, repository),
      fimFileSeparator: tokenOf(model, file),
    };
    if (marks.fimFileSeparator >= 0 && (repository === null || marks.fimRepository >= 0)) {
      return marks;
    }
  }
  return { fimRepository: -1, fimFileSeparator: -1 };
}

/** The control token that is written so; -1 where the vocabulary has none. */
function tokenOf(model: MarkedModel, text: string): number {
  const special = model.tokenize(text, { special: true });
  if (special.length !== 1) return -1;
  // Text of a repository never becomes a control token, so one that it can become is none.
  const ordinary = model.tokenize(text, { special: false });
  const [token] = special;
  return token === undefined || ordinary.includes(token) ? -1 : token;
}
