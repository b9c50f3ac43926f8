import { foldCase } from '../disk/byte-path.ts';
import { isGlobSpecial, wildmatch } from './wildmatch.ts';

/** A parsed pattern of a rule file, split as git does. */
export interface PathPattern {
  readonly negative: boolean;
  readonly foldersOnly: boolean;
  /** A pattern without an inner slash matches names at any depth. */
  readonly anyDepth: boolean;
  readonly pattern: string;
  /** The part before the first special character; tested first because that is fast. */
  readonly literal: string;
}

/** @param text of the pattern, one character per byte, without surrounding blanks or line end */
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
 * Whether a pattern matches a path, ignoring `foldersOnly` and `negative`.
 * @param below the path relative to the rule file's folder
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
  // Like git: the literal is skipped, even if the rest of the pattern then begins with `**`.
  const skip = anyDepth ? 0 : literal.length;
  return wildmatch(pattern.slice(skip), text.slice(skip), { pathname: !anyDepth, ignoreCase });
}
