/** A folder to read, and the name that its paths start with. */
export interface NamedRoot {
  /** '' for a single root: its paths start with no name. */
  readonly name: string;
  /** As the user gave it, absolute. */
  readonly path: string;
}
