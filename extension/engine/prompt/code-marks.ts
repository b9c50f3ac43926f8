/**
 * The control tokens for code: those around the cursor, and those that start a repository or a
 * file. llama.cpp's own table has most of them; ours adds missing families and the order of prefix
 * and suffix in training.
 */

import type { RepositoryTokens } from '../../repository/stream/tokenizer.ts';
import type { NativeModel } from '../native/contract.ts';

/** A model's FIM tokens and their order. */
interface InfillMarks {
  readonly prefix: number;
  readonly suffix: number;
  /** Starts the middle; null if the middle follows the prefix directly. */
  readonly middle: number | null;
  /** Which side of the cursor comes first. */
  readonly order: 'prefix-first' | 'suffix-first';
  /** Whether the file's header starts the whole prompt or the prefix. */
  readonly header: 'first' | 'in-prefix';
}

export interface CodeMarks {
  /** null for a model without FIM. */
  readonly infill: InfillMarks | null;
  readonly repository: RepositoryTokens;
}

/** The model in which the marks are looked up. */
export type MarkedModel = Pick<NativeModel, 'tokenize'> & {
  readonly info: Pick<NativeModel['info'], 'tokens' | 'name' | 'architecture'>;
};

interface Family extends Pick<InfillMarks, 'order' | 'header'> {
  readonly prefix: string;
  readonly suffix: string;
  readonly middle: string | null;
  /** A pattern of the model's name, if other families have the same marks. */
  readonly name?: RegExp;
}

/** Checked in this order; other models use llama.cpp's marks, prefix first. */
const families: readonly Family[] = [
  // Seed-Coder (arXiv:2506.03524, section 3.2), and Zeta, which is based on it.
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

/**
 * Marks of repositories and files: Qwen; StarCoder 2; Granite 4; StarCoder, Granite; only files.
 */
const repositories: readonly { readonly repository: string | null; readonly file: string }[] = [
  { repository: '<|repo_name|>', file: '<|file_sep|>' },
  { repository: '<repo_name>', file: '<file_sep>' },
  { repository: '<|reponame|>', file: '<|filename|>' },
  { repository: '<reponame>', file: '<filename>' },
  { repository: null, file: '<filename>' },
];

const known = new WeakMap<MarkedModel, CodeMarks>();

/** Looks up the marks of a model. */
export function codeMarks(model: MarkedModel): CodeMarks {
  const before = known.get(model);
  if (before !== undefined) return before;
  const marks = { infill: infillMarks(model), repository: repositoryMarks(model) };
  known.set(model, marks);
  return marks;
}

/** Returns all code marks of a model. No answer or completion contains one. */
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

/** Returns the control token with this text; -1 if the vocabulary has none. */
function tokenOf(model: MarkedModel, text: string): number {
  const special = model.tokenize(text, { special: true });
  if (special.length !== 1) return -1;
  // Repository text never becomes a control token, so a token that it can become is not one.
  const ordinary = model.tokenize(text, { special: false });
  const [token] = special;
  return token === undefined || ordinary.includes(token) ? -1 : token;
}
