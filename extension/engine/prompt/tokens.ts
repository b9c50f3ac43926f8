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

/** Returns the text of tokens; a control token has none. */
export function textOf(model: Pick<NativeModel, 'tokenBytes'>, tokens: Int32Array): string {
  return Buffer.concat(Array.from(tokens, (token) => model.tokenBytes(token))).toString();
}
