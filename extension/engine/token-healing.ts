/**
 * Completing from the middle of a token. A cursor may stand where no token ends: `retu|` is read as
 * two tokens that no text the model was trained on has in a row. The last token is taken back, and
 * the first one written is the likeliest of those that begin with its bytes.
 */

import type { NativeModel } from './native.ts';

interface Word {
  readonly token: number;
  readonly bytes: Uint8Array;
}

type Vocabulary = ReadonlyMap<number, readonly Word[]>;

const vocabularies = new WeakMap<object, Vocabulary>();

/** A prompt without its last token, and the bytes that the text written must begin with. */
export interface HealedPrompt {
  readonly tokens: Int32Array;
  readonly removed: Uint8Array;
}

/** Takes the last token back, unless the text ends with a line: a new line is a fresh start. */
export function heal(model: Pick<NativeModel, 'tokenBytes'>, tokens: Int32Array): HealedPrompt {
  const last = tokens.at(-1);
  const whole = { tokens, removed: new Uint8Array() };
  if (last === undefined) return whole;
  const removed = model.tokenBytes(last);
  const newline = 0x0a;
  if (removed.length === 0 || removed.at(-1) === newline) return whole;
  return { tokens: tokens.subarray(0, -1), removed };
}

/**
 * The likeliest token that begins with some bytes.
 * @param logits one per token of the vocabulary.
 * @returns null where no token begins with them.
 */
export function likeliestBeginningWith(
  model: Pick<NativeModel, 'tokenBytes' | 'info'>,
  logits: Float32Array,
  beginning: Uint8Array,
): number | null {
  const [first] = beginning;
  if (first === undefined) return null;
  let best: number | null = null;
  for (const { token, bytes } of vocabularyOf(model).get(first) ?? []) {
    if (!beginsWith(bytes, beginning)) continue;
    if (best === null || (logits[token] ?? -Infinity) > (logits[best] ?? -Infinity)) best = token;
  }
  return best;
}

function beginsWith(bytes: Uint8Array, beginning: Uint8Array): boolean {
  return bytes.length >= beginning.length && beginning.every((byte, at) => bytes[at] === byte);
}

/** The model's tokens by their first byte, read once per model. */
function vocabularyOf(model: Pick<NativeModel, 'tokenBytes' | 'info'>): Vocabulary {
  const known = vocabularies.get(model);
  if (known !== undefined) return known;
  const vocabulary = new Map<number, Word[]>();
  for (let token = 0; token < model.info.vocabulary; token += 1) {
    const bytes = model.tokenBytes(token);
    const [first] = bytes;
    if (first === undefined) continue;
    const words = vocabulary.get(first);
    if (words === undefined) vocabulary.set(first, [{ token, bytes }]);
    else words.push({ token, bytes });
  }
  vocabularies.set(model, vocabulary);
  return vocabulary;
}
