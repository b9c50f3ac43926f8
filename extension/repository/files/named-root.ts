/** A folder that is read, under the name that its paths start with. */
export interface NamedRoot {
  /** '' where there is one root: its paths start with no name. */
  readonly name: string;
  /** As the user gave it, absolute. */
  readonly path: string;
}
