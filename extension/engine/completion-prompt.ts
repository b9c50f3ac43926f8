/** The prompt of a completion: the file's header and the text around the cursor. */

import type { CompleteParameters } from '../protocol/engine.ts';
import { EngineError } from './errors.ts';
import type { NativeModel } from './native.ts';
import type { Formats } from './repository.ts';
import { shareCompletion } from './tail-policy.ts';
import { heal } from './token-healing.ts';
import { concatenate } from './tokens.ts';

/**
 * Infill: text before and after the cursor, between the model's marks. Continuation: the text before
 * it alone, for models that have the marks in their vocabulary but never learned what they mean.
 */
export type CompletionFormat = 'infill' | 'continuation';

export interface CompletionPrompt {
  readonly tokens: Int32Array;
  /** The bytes before the cursor that the text written must begin with. */
  readonly removed: Uint8Array;
}

export interface CompletionModel {
  readonly model: Pick<NativeModel, 'info' | 'tokenize' | 'tokenBytes'>;
  readonly formats: Pick<Formats, 'layout'>;
  readonly tailCapacity: number;
}

/** More characters than this per wanted token are not even tokenised. */
const charactersPerToken = 12;

/** The file's header is left out where it takes more than this share of the tail. */
const headerShare = 1 / 8;

/** @throws EngineError `completion-unsupported` for a model without fill-in-the-middle tokens. */
export function requireInfill(model: Pick<NativeModel, 'info'>): void {
  const { fimPrefix, fimSuffix, fimMiddle } = model.info.tokens;
  if (fimPrefix >= 0 && fimSuffix >= 0 && fimMiddle >= 0) return;
  throw new EngineError(
    'completion-unsupported',
    `The model ${model.info.name} has no fill-in-the-middle tokens; for inline completions choose one that does, such as a coder model.`,
  );
}

/**
 * The prompt, in the order prefix, suffix, middle; at most half of the tail.
 * @param heals whether the last token before the cursor may be taken back.
 */
export function completionPrompt(
  { model, formats, tailCapacity }: CompletionModel,
  { path, prefix, suffix }: Pick<CompleteParameters, 'path' | 'prefix' | 'suffix'>,
  format: CompletionFormat,
  { heals }: { readonly heals: boolean } = { heals: true },
): CompletionPrompt {
  const { fimPrefix, fimSuffix, fimMiddle } = model.info.tokens;
  const wholeHeader = formats.layout.fileHeader(path);
  const header = wholeHeader.length <= tailCapacity * headerShare ? wholeHeader : new Int32Array();
  const shares = shareCompletion(tailCapacity, header.length + 3);
  const last = lastTokens(model, prefix, shares.prefixTokens);
  const before = heals ? heal(model, last) : { tokens: last, removed: new Uint8Array() };
  if (format === 'continuation') {
    return { tokens: concatenate(header, before.tokens), removed: before.removed };
  }
  const tokens = concatenate(
    header,
    Int32Array.of(fimPrefix),
    before.tokens,
    Int32Array.of(fimSuffix),
    firstTokens(model, suffix, shares.suffixTokens),
    Int32Array.of(fimMiddle),
  );
  return { tokens, removed: before.removed };
}

function lastTokens(model: Pick<NativeModel, 'tokenize'>, text: string, count: number): Int32Array {
  if (count === 0) return new Int32Array();
  const tokens = model.tokenize(text.slice(-count * charactersPerToken), { special: false });
  return tokens.slice(Math.max(0, tokens.length - count));
}

function firstTokens(
  model: Pick<NativeModel, 'tokenize'>,
  text: string,
  count: number,
): Int32Array {
  const tokens = model.tokenize(text.slice(0, count * charactersPerToken), { special: false });
  return tokens.slice(0, count);
}
