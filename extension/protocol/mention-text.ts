/** How a path stands in a question behind an `@`. */

/**
 * Returns a path as a mention has it: in quotes where it would not end by itself.
 * @returns null if it cannot be written on one line
 */
export function mentionText(path: string): string | null {
  if (/^[\p{L}\p{M}\p{N}_./+-]+$/u.test(path) && !path.endsWith('.')) return path;
  if (/\p{Cc}/u.test(path)) return null;
  const quote = ['"', '`', "'"].find((each) => !path.includes(each));
  return quote === undefined ? null : `${quote}${path}${quote}`;
}
