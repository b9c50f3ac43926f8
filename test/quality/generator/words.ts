import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** The words in identifiers and values, by their frequency in source code. */
export interface WordList {
  /** The words that most identifiers use. */
  readonly common: readonly string[];
  /** Rarer words. */
  readonly tail: readonly string[];
}

const schema = z.object({
  common: z.array(z.string()),
  tail: z.array(z.string()),
  heldOut: z.array(z.string()),
});

/**
 * Reads the word list beside this file.
 * @param heldOut whether the rarer words are ones that the bundled model's training never put into
 *   an identifier, to measure how it handles names that it has not met.
 */
export function readWords(heldOut: boolean): WordList {
  const text = readFileSync(new URL('words.json', import.meta.url), 'utf8');
  const lists = schema.parse(JSON.parse(text));
  const split = (lines: readonly string[]): string[] => lines.flatMap((line) => line.split(' '));
  return { common: split(lists.common), tail: split(heldOut ? lists.heldOut : lists.tail) };
}
