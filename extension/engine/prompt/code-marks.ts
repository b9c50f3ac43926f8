/**
 * The control tokens for code of a loaded model: those around the cursor, and those that start a
 * repository or a file. The table of families (`models/code-families`) says which there are.
 */

import { codeFormat } from '../../models/code-format.ts';
import type { CodeFormat, DeclaredMarks, InfillFormat } from '../../models/code-format.ts';
import type { RepositoryTokens } from '../../repository/stream/tokenizer.ts';
import type { NativeModel } from '../native/contract.ts';

export interface CodeMarks {
  /** null for a model without FIM. */
  readonly infill: InfillFormat | null;
  readonly repository: RepositoryTokens;
}

/** The model in which the marks are looked up. */
export type MarkedModel = Pick<NativeModel, 'tokenize' | 'tokenBytes'> & {
  readonly info: Pick<NativeModel['info'], 'tokens' | 'name' | 'architecture'>;
};

const known = new WeakMap<MarkedModel, CodeMarks>();

/** Looks up the marks of a model. */
export function codeMarks(model: MarkedModel): CodeMarks {
  const before = known.get(model);
  if (before !== undefined) return before;
  const { infill, files, heading } = formatOf(model);
  const repository = { fimRepository: files.repository, fimFileSeparator: files.file };
  const marks = { infill, repository: heading === null ? repository : { ...repository, heading } };
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

/** Returns the tokens that end a completion: all marks, and what the family ends a middle with. */
export function completionEnds(model: MarkedModel): ReadonlySet<number> {
  return new Set([...markTokens(model), ...(codeMarks(model).infill?.ends ?? [])]);
}

function formatOf(model: MarkedModel): CodeFormat {
  const { tokens, name, architecture } = model.info;
  const usable = (token: number): number => (isMark(model, token) ? token : -1);
  const declared: DeclaredMarks = {
    prefix: usable(tokens.fimPrefix),
    suffix: usable(tokens.fimSuffix),
    middle: usable(tokens.fimMiddle),
    repository: usable(tokens.fimRepository),
    file: usable(tokens.fimFileSeparator),
  };
  const { prefix, suffix, middle } = declared;
  const spelt = new Map([prefix, suffix, middle].map((token) => [speltOf(model, token), token]));
  return codeFormat({
    name: `${name} ${architecture}`,
    tokenOf: (text) => {
      const token = tokenOf(model, text);
      return token >= 0 ? token : (spelt.get(text.replace(/^▁/u, '')) ?? -1);
    },
    declared,
  });
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

/** Returns a token's text without blanks around it; that of a control token is empty. */
function speltOf(model: MarkedModel, token: number): string {
  return token < 0 ? '' : Buffer.from(model.tokenBytes(token)).toString().trim();
}

/** Returns whether a token that metadata names can be a mark: not a word, and not an unused one. */
function isMark(model: MarkedModel, token: number): boolean {
  if (token < 0) return false;
  const text = speltOf(model, token);
  return text === '' || (/^[<[|{].+[>\]|}]$/u.test(text) && !/unused|reserved/iu.test(text));
}
