/** Detects questions that depend on the previous one. */

/** Words that continue an earlier sentence. */
const continues =
  /^\W*(?:and|but|also|or|then|what about|how about|what else|anything else|(?:explain|tell me|say) more|go on|continue|(?:why|where|how|when|which|who)\W*$)(?!\w)/iu;

/** `it`, `them` and the like, but not `how long does it take`. */
const pronoun =
  /\b(?:it|its|they|them|their|those|these)\b(?!\s+(?:takes?|possible|true|safe|necessary|make sense)\b)/iu;

/** `that` and `this` as pronouns: not `the function that parses`, not `this repository`. */
const pointer =
  /(?:^|\b(?:is|are|was|were|do|does|did|of|about|by|in|to|with|from|for|uses?|calls?|why|how|where|when|change|explain)\s+)(?:that|this)(?=\W*$|\s+(?:is|was|do|does|did|defined|used|called|done|works?|means?|happens?|comes?)\b)/iu;

/** Code in questions: `code`, camelCase, snake_case, CAPITALS, a.b, a/b, f(). */
const codeName =
  /`[^`]+`|["“][^"”]+["”]|\b\p{Ll}+\p{Lu}\w*|\b\p{Lu}\p{Ll}+\p{Lu}\w*|\w_\w|\b\p{Lu}[\p{Lu}\d]+\b|\w[./]\w|\w\(\)/u;

/** A noun in the question itself, such as `the engine`. */
const ownNoun = /\b(?:the|an?|each|every|all|your|our)\s+\p{L}{2,}/iu;

/**
 * Returns whether a question begins like a follow-up or refers to something that it does not name.
 * In doubt, returns false: a wrong note is worse than a missing one.
 */
export function isFollowUp(question: string): boolean {
  const text = question.trim();
  if (continues.test(text)) return true;
  if (codeName.test(text)) return false;
  const found = pronoun.exec(text) ?? pointer.exec(text);
  return found !== null && !ownNoun.test(text.slice(0, found.index));
}

/** The note for such a question if the model did not see any earlier one. */
export const followUpNote =
  'This question was answered on its own. Name the subject in your question.';
