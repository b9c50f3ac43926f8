export interface SearchIndexLimits {
  /** Text beyond this many characters is not added to the window index (the costly half). */
  readonly windowCharacters: number;
  /** Text beyond this many characters is not indexed at all. */
  readonly exactCharacters: number;
}

/** The repository's identifiers and words, built while its files are read. Holds no text. */
export class SearchIndex {
  readonly limits: SearchIndexLimits;

  constructor(limits?: Partial<SearchIndexLimits>) {
    this.limits = { windowCharacters: 0, exactCharacters: 0, ...limits };
  }

  /** Adds a file; the lines of `text` end with `\n`. A path that is there already is replaced. */
  add(path: string, text: string): void {
    throw new Error(`Not written yet: ${path} ${String(text.length)} ${String(this.limits)}`);
  }

  /** Forgets a file. */
  remove(path: string): void {
    throw new Error(`Not written yet: ${path} ${String(this.limits)}`);
  }
}
