/** The parts of a text that renaming looks at. */

/**
 * `name`: an identifier. `text`: a string, whose words change. `prose`: a comment or a documenting
 * string, in which only words of the code change. `pattern`: a regular expression. `path`: the path
 * of a file of the repository. `number`: a number.
 */
export type PieceKind = 'name' | 'text' | 'prose' | 'pattern' | 'path' | 'number';

/** A stretch of a text, in UTF-16 units. */
export interface Piece {
  readonly kind: PieceKind;
  readonly from: number;
  readonly to: number;
}

/** One file, read for renaming. */
export interface Reading {
  /** In order, none within another. */
  readonly pieces: readonly Piece[];
  /** Names that the file gives to something. */
  readonly declared: ReadonlySet<string>;
  /** Names that the file has from packages that are not the repository. */
  readonly external: ReadonlySet<string>;
}

/** The names of a language and of what comes with it. */
export interface StandardNames {
  /** Never renamed. */
  readonly always: ReadonlySet<string>;
  /** Not renamed either, unless the repository has something of its own by that name. */
  readonly unlessDeclared: ReadonlySet<string>;
}
