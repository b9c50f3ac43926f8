/** ASCII that file names hold and prose has no use for beside them. */
const inNames = new Set('_-$+~%#\\/@.');
const scriptsWithoutSpaces =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;

/** Whether a character, one code unit of UTF-16, makes a name that it touches longer. '' does not. */
export function extendsName(character: string): boolean {
  if (character === '') return false;
  if (character.charCodeAt(0) < 128) return /\w/.test(character) || inNames.has(character);
  return !/[\p{P}\p{Z}\u0080-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u.test(character);
}

/** Whether prose may stand right behind a name without a space. */
export function needsNoSpace(character: string): boolean {
  return scriptsWithoutSpaces.test(character);
}

const closers = new Map([
  ['`', '`'],
  ['"', '"'],
  ["'", "'"],
  ['“', '”'],
  ['”', '”'],
  ['„', '“'],
  ['‘', '’'],
  ['«', '»'],
  ['»', '«'],
  ['‹', '›'],
  ['<', '>'],
  ['「', '」'],
]);

/** Whether two characters are the two ends of a quotation. */
export function quotes(open: string, close: string): boolean {
  return closers.get(open) === close;
}
