import { statedFor, type StatedEncoding, textEncoding } from '../../protocol/encodings.ts';
import type { AskedAttribute } from '../git/attribute-rules.ts';

/** What is said of a file, so that it need not be guessed. */
export interface FileStatements {
  /** What it is in where it is not UTF-8, as `TextDecoder` names it; null: nothing is said. */
  readonly encoding: string | null;
  /** Whether a tool wrote it; null: nothing is said. */
  readonly generated: boolean | null;
}

export const nothingStated: FileStatements = { encoding: null, generated: null };

/**
 * What git's attributes and the user say of a file. The attributes, which speak of fewer files,
 * decide where both know an encoding.
 * @param name of the file, without folders
 * @param encodings as the user states them
 * @param stateOf what the attributes say of the file
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
    // As GitHub has it: set or any text but `false`.
    generated: generated === undefined ? null : generated !== false && generated !== 'false',
  };
}
