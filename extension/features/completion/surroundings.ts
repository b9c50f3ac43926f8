/** The text around the cursor that goes into a completion's prompt. */

/** Characters before and after the cursor; few, because completions have a separate, short tail. */
export const prefixCharacters = 2_000;
export const suffixCharacters = 800;

export interface Surroundings {
  readonly prefix: string;
  readonly suffix: string;
}

/**
 * Returns the text around an offset, within the limits and cut at whole lines.
 * @param text the whole document
 * @param offset of the cursor, in UTF-16 units
 */
export function surroundings(text: string, offset: number): Surroundings {
  const from = Math.max(0, offset - prefixCharacters);
  const to = Math.min(text.length, offset + suffixCharacters);
  return {
    prefix: from === 0 ? text.slice(0, offset) : fromWholeLine(text.slice(from, offset)),
    suffix: to === text.length ? text.slice(offset) : toWholeLine(text.slice(offset, to)),
  };
}

/** Removes the line that the limit cut; a single line longer than the limit stays cut. */
function fromWholeLine(text: string): string {
  const newline = text.indexOf('\n');
  return newline < 0 ? dropLoneTrail(text) : text.slice(newline + 1);
}

function toWholeLine(text: string): string {
  const newline = text.lastIndexOf('\n');
  return newline < 0 ? dropLoneLead(text) : text.slice(0, newline + 1);
}

function dropLoneTrail(text: string): string {
  return /^[\udc00-\udfff]/u.test(text) ? text.slice(1) : text;
}

function dropLoneLead(text: string): string {
  return /[\ud800-\udbff]$/u.test(text) ? text.slice(0, -1) : text;
}
