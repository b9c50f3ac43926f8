/** Token sequences. */

import type { NativeModel } from '../native/contract.ts';

/** Concatenates sequences. */
export function concatenate(...parts: readonly Int32Array[]): Int32Array {
  const result = new Int32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    result.set(part, offset);
    offset += part.length;
  }
  return result;
}

/**
 * Returns the tokens of plain text in the middle of a text: vocabularies that put a blank before
 * every text, as SentencePiece does, put none here.
 */
export function continuation(
  model: Pick<NativeModel, 'tokenize' | 'tokenBytes'>,
  text: string,
): Int32Array {
  const plain = { special: false } as const;
  const letter = model.tokenize('a', plain);
  if (!textOf(model, letter).startsWith(' ')) return model.tokenize(text, plain);
  // No vocabulary merges a line's end with what follows it.
  const lead = '\n';
  const read = model.tokenize(`${lead}${text}`, plain);
  for (let taken = 1; taken <= read.length; taken += 1) {
    const before = textOf(model, read.subarray(0, taken));
    if (before.length > lead.length) {
      return before === ` ${lead}` ? read.slice(taken) : model.tokenize(text, plain);
    }
  }
  return model.tokenize(text, plain);
}

/** Returns the text of tokens; a control token has none. */
export function textOf(model: Pick<NativeModel, 'tokenBytes'>, tokens: Int32Array): string {
  return Buffer.concat(Array.from(tokens, (token) => model.tokenBytes(token))).toString();
}
