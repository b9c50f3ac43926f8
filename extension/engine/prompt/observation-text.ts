/** The texts that some policies append to a chunk to observe it, and remove afterwards. */

import type { ChatFormat } from './chat-format.ts';

/** General questions about code. */
const codeQuestions =
  'Where is it defined? What is its value? What does it return? What is its default value? Which module is it imported from? Who calls it?';

/** KVzip's prompt (arXiv 2505.23416). */
const repetition = 'Repeat the previous context exactly.';

/** The fixed code probe of policies that observe with `rows=probe`. */
export function codeProbe(chat: ChatFormat): Int32Array {
  return chat.question(codeQuestions);
}

/** Returns the start of a chunk's repetition. */
export function repeatPrompt(chat: ChatFormat): Int32Array {
  return chat.question(repetition);
}
