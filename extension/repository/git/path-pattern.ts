import { foldCase } from '../disk/byte-path.ts';
import { isGlobSpecial, wildmatch } from './wildmatch.ts';

/** A pattern of a file of rules, taken apart as git does. */
export interface PathPattern {
  readonly negative: boolean;
  readonly foldersOnly: boolean;
  /** Without a slash inside, it is tested against names, at any depth. */
  readonly anyDepth: boolean;
  readonly pattern: string;
  /** The part in front of the first special character; a quick test before the pattern itself. */
  readonly literal: string;
}

/** @param text of the pattern, one character a byte, with neither blanks nor a line end around it */
export function parsePattern(text: string): PathPattern {
  const negative = text.startsWith('!');
  let pattern = negative ? text.slice(1) : text;
  const foldersOnly = pattern.endsWith('/');
  if (foldersOnly) {
    pattern = pattern.slice(0, -1);
  }
  const anyDepth = !pattern.includes('/');
  if (pattern.startsWith('/')) {
    pattern = pattern.slice(1);
  }
  let literal = 0;
  while (literal < pattern.length && !isGlobSpecial(pattern.charAt(literal))) {
    literal++;
  }
  return { negative, foldersOnly, anyDepth, pattern, literal: pattern.slice(0, literal) };
}

/**
 * Whether a pattern matches a path, whatever it says of folders and of being negative.
 * @param below the path from the folder of the file of rules on
 */
export function matchesPattern(
  { literal, anyDepth, pattern }: PathPattern,
  below: string,
  ignoreCase: boolean,
): boolean {
  const text = anyDepth ? below.slice(below.lastIndexOf('/') + 1) : below;
  const fold = (part: string): string => (ignoreCase ? foldCase(part) : part);
  if (fold(text.slice(0, literal.length)) !== fold(literal)) {
    return false;
  }
  // As git, which leaves the literal part away even where a `**` behind it then begins the rest.
  const skip = anyDepth ? 0 : literal.length;
  return wildmatch(pattern.slice(skip), text.slice(skip), { pathname: !anyDepth, ignoreCase });
}
