/** The parts of a text that matter for renaming. */

/**
 * `name`: an identifier. `text`: a string, whose words change. `prose`: a comment or docstring, in
 * which only words of the code change. `pattern`: a regular expression. `path`: the path of a file
 * of the repository. `number`: a number.
 */
export type PieceKind = 'name' | 'text' | 'prose' | 'pattern' | 'path' | 'number';

/** A range of a text, in UTF-16 units. */
export interface Piece {
  readonly kind: PieceKind;
  readonly from: number;
  readonly to: number;
}

/** One file, parsed for renaming. */
export interface Reading {
  /** In order, without overlap. */
  readonly pieces: readonly Piece[];
  /** Names that the file declares. */
  readonly declared: ReadonlySet<string>;
  /** Names that the file takes from other packages. */
  readonly external: ReadonlySet<string>;
}

/** The names of a language and of its libraries. */
export interface StandardNames {
  /** Never renamed. */
  readonly always: ReadonlySet<string>;
  /** Not renamed unless the repository declares the same name. */
  readonly unlessDeclared: ReadonlySet<string>;
}
