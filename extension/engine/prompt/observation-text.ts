/** The texts through which some policies look at a chunk; they are forgotten afterwards. */

import type { ChatFormat } from './chat-format.ts';

/** What people ask of code, about nothing in particular. */
const codeQuestions =
  'Where is it defined? What is its value? What does it return? What is its default value? Which module is it imported from? Who calls it?';

/** KVzip's words (arXiv 2505.23416). */
const repetition = 'Repeat the previous context exactly.';

/** The fixed code probe of policies that observe with `rows=probe`. */
export function codeProbe(chat: ChatFormat): Int32Array {
  return chat.question(codeQuestions);
}

/** What opens the repetition of a chunk. */
export function repeatPrompt(chat: ChatFormat): Int32Array {
  return chat.question(repetition);
}
