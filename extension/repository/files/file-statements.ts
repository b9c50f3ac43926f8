import { statedFor, type StatedEncoding, textEncoding } from '../../protocol/encodings.ts';
import type { AskedAttribute } from '../git/attribute-rules.ts';

/** Facts stated about a file, which replace guesses. */
export interface FileStatements {
  /** The encoding of a file that is not UTF-8, as `TextDecoder` names it; null if not stated. */
  readonly encoding: string | null;
  /** Whether a tool wrote the file; null if not stated. */
  readonly generated: boolean | null;
}

export const nothingStated: FileStatements = { encoding: null, generated: null };

/**
 * Combines git's attributes and the user's settings for a file. If both state an encoding, the
 * attributes decide, because they apply to fewer files.
 * @param name of the file, without folders
 * @param encodings stated by the user
 * @param stateOf looks up an attribute of the file
 */
export function statementsOf(
  name: string,
  encodings: readonly StatedEncoding[],
  stateOf: (attribute: AskedAttribute) => string | boolean | undefined,
): FileStatements {
  const inTree = (['working-tree-encoding', 'encoding'] as const)
    .map((attribute) => stateOf(attribute))
    .map((state) => (typeof state === 'string' ? textEncoding(state) : null))
    .find((encoding) => encoding !== null);
  const generated = stateOf('linguist-generated');
  return {
    encoding:
      inTree === undefined ? statedFor(encodings, name) : inTree === 'utf-8' ? null : inTree,
    // As on GitHub: true if set, or set to any text but `false`.
    generated: generated === undefined ? null : generated !== false && generated !== 'false',
  };
}
