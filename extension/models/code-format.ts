/** Which family's format a model completes in, by the tokens of its vocabulary. */

import { alwaysControl, codeFamilies, otherFileMarks } from './code-families.ts';
import type { CodeFamily, FileMarks } from './code-families.ts';

/** The tokens of a vocabulary, by their texts; a token that text can become is not one. */
export interface MarkedVocabulary {
  /** The model's name and architecture. */
  readonly name: string;
  /** The control or user-defined token with this text; -1 if there is none. */
  readonly tokenOf: (text: string) => number;
  /** What the file's own metadata names, or llama.cpp for it; -1 each where neither does. */
  readonly declared: DeclaredMarks;
}

/** Tokens by their part in a prompt; -1 where there is none. */
export interface DeclaredMarks {
  readonly prefix: number;
  readonly suffix: number;
  readonly middle: number;
  readonly repository: number;
  readonly file: number;
}

/** A model's FIM tokens, and how they stand in a prompt. */
export interface InfillFormat extends Pick<CodeFamily, 'order' | 'header'> {
  /** The family's name; null for tokens that only the file's metadata knows. */
  readonly family: string | null;
  readonly prefix: number;
  readonly suffix: number;
  /** null if the middle follows the prefix directly. */
  readonly middle: number | null;
  /** Tokens that end a completion, beside the marks. */
  readonly ends: readonly number[];
}

/** How a model completes, and how it tells files apart. */
export interface CodeFormat {
  /** null for a model without FIM tokens. */
  readonly infill: InfillFormat | null;
  /** Marks of repositories and files, -1 where there are none. */
  readonly files: { readonly repository: number; readonly file: number };
  /** What stands before a path in plain text; null: Loci's own words. */
  readonly heading: string | null;
}

/**
 * Chooses the format: a family with the tokens that the metadata names, else these tokens alone,
 * else the first family of the table that the vocabulary has the tokens of.
 */
export function codeFormat(vocabulary: MarkedVocabulary): CodeFormat {
  const { declared } = vocabulary;
  const first = (stated: DeclaredMarks): CodeFamily | null =>
    codeFamilies.find((row) => applies(vocabulary, row, stated)) ?? null;
  const guessed = isGuess(vocabulary) ? first(undeclared) : null;
  const family = first(declared) ?? guessed;
  const infill = family === null ? declaredInfill(declared) : infillOf(vocabulary, family);
  return { infill, files: fileTokens(vocabulary, family), heading: family?.heading ?? null };
}

/** Where neither metadata nor llama.cpp knows a mark. */
const undeclared: DeclaredMarks = {
  ...{ prefix: -1, suffix: -1, middle: -1 },
  ...{ repository: -1, file: -1 },
};

/** Returns whether the FIM tokens are incomplete, or such as llama.cpp finds by their texts. */
function isGuess({ declared: { prefix, suffix, middle }, tokenOf }: MarkedVocabulary): boolean {
  const found = new Set(Array.from(alwaysControl, (text) => tokenOf(text)));
  return [prefix, suffix, middle].some((token) => token < 0 || found.has(token));
}

/** Returns whether a vocabulary has a family's tokens, and none others are stated. */
function applies(vocabulary: MarkedVocabulary, family: CodeFamily, stated: DeclaredMarks): boolean {
  if (family.models?.test(vocabulary.name) === false) return false;
  const has = (text: string, other: number): boolean => {
    const token = vocabulary.tokenOf(text);
    return token >= 0 && (other < 0 || other === token);
  };
  const { prefix, suffix, middle, files } = family;
  return (
    has(prefix, stated.prefix) &&
    has(suffix, stated.suffix) &&
    (middle === null || has(middle, stated.middle)) &&
    (files === null || hasFiles(vocabulary, files))
  );
}

function hasFiles({ tokenOf }: MarkedVocabulary, { repository, file }: FileMarks): boolean {
  return tokenOf(file) >= 0 && (repository === null || tokenOf(repository) >= 0);
}

function infillOf({ tokenOf }: MarkedVocabulary, family: CodeFamily): InfillFormat {
  const { name, prefix, suffix, middle, order, header, ends } = family;
  return {
    ...{ family: name, order, header },
    ...{ prefix: tokenOf(prefix), suffix: tokenOf(suffix) },
    middle: middle === null ? null : tokenOf(middle),
    ends: ends.map((text) => tokenOf(text)).filter((token) => token >= 0),
  };
}

/** In the order that most families were taught. */
function declaredInfill({ prefix, suffix, middle }: DeclaredMarks): InfillFormat | null {
  if (prefix < 0 || suffix < 0 || middle < 0) return null;
  const rest = { family: null, order: 'prefix-first', header: 'first', ends: [] } as const;
  return { ...rest, prefix, suffix, middle };
}

function fileTokens(vocabulary: MarkedVocabulary, family: CodeFamily | null): CodeFormat['files'] {
  const { declared, tokenOf } = vocabulary;
  if (declared.repository >= 0 && declared.file >= 0) {
    return { repository: declared.repository, file: declared.file };
  }
  const taught = family?.files ?? null;
  const known = [...codeFamilies.flatMap(({ files }) => files ?? []), ...otherFileMarks];
  // A family that was taught files alone may have a token for repositories all the same.
  const alike = known.filter(
    ({ repository, file }) => repository !== null && file === taught?.file,
  );
  const candidates =
    taught === null ? known : taught.repository === null ? [...alike, taught] : [taught];
  const chosen = candidates.find((marks) => hasFiles(vocabulary, marks));
  if (chosen === undefined) return { repository: -1, file: -1 };
  const { repository, file } = chosen;
  return { repository: repository === null ? -1 : tokenOf(repository), file: tokenOf(file) };
}
