/** The prompt of a completion: the file's header and the text around the cursor. */

import { endLine } from '../../repository/stream/layout.ts';
import type { RepositoryLayout } from '../../repository/stream/layout.ts';
import { plainLine } from '../../protocol/plain-text.ts';
import type { CompleteParameters } from '../../protocol/requests/complete.ts';
import { EngineError } from '../core/errors.ts';
import type { NativeModel } from '../native/contract.ts';
import { shareCompletion } from './tail-policy.ts';
import { heal } from './token-healing.ts';
import type { PromptWindow } from './prompt-window.ts';
import { concatenate } from './tokens.ts';

/**
 * Infill: text before and after the cursor, between the model's marks. Continuation: the text before
 * it alone, for models that have the marks in their vocabulary but never learned what they mean.
 */
export type CompletionFormat = 'infill' | 'continuation';

export interface CompletionPrompt {
  readonly tokens: Int32Array;
  /** The text before the cursor that what is written must begin with. */
  readonly removed: string;
}

export interface CompletionModel {
  readonly model: Pick<NativeModel, 'info' | 'tokenize'>;
  readonly formats: { readonly layout: RepositoryLayout };
  readonly tailCapacity: number;
  /** Where the text before the cursor begins, from one prompt to the next. */
  readonly window: PromptWindow;
}

/** More characters than this per wanted token are not even tokenised. */
const charactersPerToken = 12;

/** The file's header is left out where it takes more than this share of the tail. */
const headerShare = 1 / 8;

/** Whether the vocabulary has the marks of what stands before, behind and in between. */
export function hasInfill({ info }: Pick<NativeModel, 'info'>): boolean {
  const { fimPrefix, fimSuffix, fimMiddle } = info.tokens;
  return fimPrefix >= 0 && fimSuffix >= 0 && fimMiddle >= 0;
}

/** @throws EngineError `completion-unsupported` for a model without fill-in-the-middle tokens. */
export function requireInfill(model: Pick<NativeModel, 'info'>): void {
  if (hasInfill(model)) return;
  throw new EngineError(
    'completion-unsupported',
    `The model ${plainLine(model.info.name, 80)} has no fill-in-the-middle tokens. For inline completions, choose a model that has them, such as a coder model.`,
  );
}

/**
 * The prompt, in the order prefix, suffix, middle; at least one token, at most half of the tail. A
 * file's last line is read as if it had its newline, as in the stream.
 * @param heals whether the end of the text before the cursor may be taken back.
 */
export function completionPrompt(
  { model, formats, tailCapacity, window }: CompletionModel,
  { path, prefix, suffix }: Pick<CompleteParameters, 'path' | 'prefix' | 'suffix'>,
  format: CompletionFormat,
  { heals }: { readonly heals: boolean } = { heals: true },
): CompletionPrompt {
  const { fimPrefix, fimSuffix, fimMiddle } = model.info.tokens;
  const wholeHeader = formats.layout.fileHeader(path);
  const header = wholeHeader.length <= tailCapacity * headerShare ? wholeHeader : new Int32Array();
  const shares = shareCompletion(tailCapacity, header.length + 3);
  const { kept, removed } = heals ? heal(prefix) : { kept: prefix, removed: '' };
  const before = window.tokens(path, kept, shares.prefixTokens, (text) =>
    model.tokenize(text, plain),
  );
  if (format === 'continuation') {
    const tokens = concatenate(header, before);
    // Something must be there to go on from.
    return { tokens: tokens.length > 0 ? tokens : model.tokenize('\n', plain), removed };
  }
  const tokens = concatenate(
    header,
    Int32Array.of(fimPrefix),
    before,
    Int32Array.of(fimSuffix),
    firstTokens(model, endLine(suffix === '' ? '\n' : suffix), shares.suffixTokens),
    Int32Array.of(fimMiddle),
  );
  return { tokens, removed };
}

const plain = { special: false } as const;

function firstTokens(
  model: Pick<NativeModel, 'tokenize'>,
  text: string,
  count: number,
): Int32Array {
  const beginning = text.slice(0, count * charactersPerToken).replace(/[\ud800-\udbff]$/u, '');
  return model.tokenize(beginning, plain).slice(0, count);
}
