/** Text of others, such as names, paths and messages, made harmless where it is shown. */

/** Control and format characters, among them bidirectional and zero-width ones, and separators. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** As {@link unseen}, less what texts are made of: tabs, newlines, and the joiners of many scripts. */
const unseenInText = /[^\P{Cc}\t\n]|[^\P{Cf}\u200c\u200d]|[\p{Zl}\p{Zp}\p{Cs}]/gu;

/** JSON itself escapes the controls below U+0020; its own newlines stay. */
const unseenInJson = /[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/gu;

const longestLine = 300;

/**
 * One line of at most so many characters: each character that cannot be seen is a space where it is
 * white space, else U+FFFD; what is beyond the length is an ellipsis.
 */
export function plainLine(text: string, longest = longestLine): string {
  // Long texts are cut before the search: a name may have megabytes.
  const start = text.slice(0, 2 * longest + 2);
  const line = start
    .replace(/\r\n|[\t\n\v\f\r\u0085\u2028\u2029]/gu, ' ')
    .replace(unseen, '\uFFFD')
    .trim();
  const characters = Array.from(line);
  return characters.length <= longest && start.length === text.length
    ? line
    : `${characters.slice(0, longest).join('')}…`;
}

/** Text of several lines in which every character that a terminal would act on is written out. */
export function visibleText(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(unseenInText, escaped);
}

/** A name on one line with nothing lost: what cannot be seen is written out, as `\u001b`. */
export function visibleName(name: string): string {
  return name.replace(unseen, escaped);
}

/** An indented JSON document in which every character that cannot be seen is escaped. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(unseenInJson, (character) =>
    character
      .split('')
      .map((unit) => unitEscape(unit.charCodeAt(0)))
      .join(''),
  );
}

function unitEscape(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}

function escaped(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
}
