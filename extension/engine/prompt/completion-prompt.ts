/** The prompt of a completion: the file's header and the text around the cursor. */

import type { InfillFormat } from '../../models/code-format.ts';
import { endLine } from '../../repository/stream/layout.ts';
import type { RepositoryLayout } from '../../repository/stream/layout.ts';
import { plainLine } from '../../protocol/plain-text.ts';
import type { CompleteParameters } from '../../protocol/requests/complete.ts';
import { EngineError } from '../core/errors.ts';
import type { NativeModel } from '../native/contract.ts';
import { shareCompletion } from './tail-policy.ts';
import { codeMarks } from './code-marks.ts';
import type { MarkedModel } from './code-marks.ts';
import { heal } from './token-healing.ts';
import type { PromptWindow } from './prompt-window.ts';
import { concatenate, continuation } from './tokens.ts';

/**
 * Infill: the text before and after the cursor, between the model's FIM tokens. Continuation: only
 * the text before it, for models that have these tokens but have not learned them.
 */
export type CompletionFormat = 'infill' | 'continuation';

export interface CompletionPrompt {
  readonly tokens: Int32Array;
  /** The removed text before the cursor, with which the completion must begin. */
  readonly removed: string;
}

export interface CompletionModel {
  readonly model: Pick<NativeModel, 'info' | 'tokenize' | 'tokenBytes'>;
  readonly formats: { readonly layout: RepositoryLayout };
  readonly tailCapacity: number;
  /** Where the text before the cursor begins, from one prompt to the next. */
  readonly window: PromptWindow;
}

/** The most characters per wanted token that are tokenised. */
const charactersPerToken = 12;

/** The file's header is omitted if it takes more than this share of the tail. */
const headerShare = 1 / 8;

/** Returns whether the model has FIM tokens. */
export function hasInfill(model: MarkedModel): boolean {
  return codeMarks(model).infill !== null;
}

/** @throws EngineError `completion-unsupported` for a model without fill-in-the-middle tokens. */
export function requireInfill(model: MarkedModel): void {
  if (hasInfill(model)) return;
  throw new EngineError(
    'completion-unsupported',
    `The model ${plainLine(model.info.name, 80)} has no fill-in-the-middle tokens. For inline completions, choose a model that has them, such as a coder model.`,
  );
}

/**
 * Makes the prompt, in the order of the model's training: at least one token, at most half of the
 * tail. A file's last line gets a newline, as in the stream.
 * @param heals whether the end of the text before the cursor may be removed.
 */
export function completionPrompt(
  { model, formats, tailCapacity, window }: CompletionModel,
  { path, prefix, suffix }: Pick<CompleteParameters, 'path' | 'prefix' | 'suffix'>,
  format: CompletionFormat,
  { heals }: { readonly heals: boolean } = { heals: true },
): CompletionPrompt {
  const wholeHeader = formats.layout.fileHeader(path);
  const header = wholeHeader.length <= tailCapacity * headerShare ? wholeHeader : new Int32Array();
  const shares = shareCompletion(tailCapacity, header.length + 3);
  const { kept, removed } = heals ? heal(prefix) : { kept: prefix, removed: '' };
  const before = window.tokens(path, kept, shares.prefixTokens, (text) =>
    model.tokenize(text, plain),
  );
  const { infill } = codeMarks(model);
  if (format === 'continuation' || infill === null) {
    const tokens = concatenate(header, before);
    // A prompt needs at least one token.
    return { tokens: tokens.length > 0 ? tokens : model.tokenize('\n', plain), removed };
  }
  const behind = concatenate(
    Int32Array.of(infill.suffix),
    firstTokens(model, endLine(suffix === '' ? '\n' : suffix), shares.suffixTokens),
  );
  const opens = Int32Array.of(infill.prefix);
  const { first, begins } = placedHeader(header, infill.header, formats.layout);
  const ahead = concatenate(opens, begins, before);
  const sides = infill.order === 'prefix-first' ? [ahead, behind] : [behind, ahead];
  const middle = infill.middle === null ? new Int32Array() : Int32Array.of(infill.middle);
  return { tokens: concatenate(first, ...sides, middle), removed };
}

const plain = { special: false } as const;

/** Splits a file's header into what stands before everything and what begins the prefix. */
function placedHeader(
  header: Int32Array,
  place: InfillFormat['header'],
  { marksFiles }: RepositoryLayout,
): { readonly first: Int32Array; readonly begins: Int32Array } {
  const before =
    place === 'first' ? header.length : place === 'around-prefix' && marksFiles ? 1 : 0;
  return { first: header.slice(0, before), begins: header.slice(before) };
}

function firstTokens(
  model: Pick<NativeModel, 'tokenize' | 'tokenBytes'>,
  text: string,
  count: number,
): Int32Array {
  const beginning = text.slice(0, count * charactersPerToken).replace(/[\ud800-\udbff]$/u, '');
  return continuation(model, beginning).slice(0, count);
}
