/** What the lexer finds out about each line of a text. Arrays have one entry more than lines. */
export class CodeLines {
  readonly text: string;
  readonly count: number;
  /** The line's code range in the text, without comments and space; -1 and -1 if it has none. */
  readonly first: Int32Array;
  readonly end: Int32Array;
  /** 1 if the line begins within a comment or a string. */
  readonly inside: Uint8Array;
  /** Brackets open at the line's start: of any kind, and round and square ones only. */
  readonly depth: Int32Array;
  readonly round: Int32Array;
  /** `depth` without the brackets that the line closes before any other code. */
  readonly level: Int32Array;

  constructor(text: string) {
    this.text = text;
    let count = 0;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++;
    this.count = text === '' || text.endsWith('\n') ? count : count + 1;
    const entries = this.count + 1;
    this.first = new Int32Array(entries).fill(-1);
    this.end = new Int32Array(entries).fill(-1);
    this.inside = new Uint8Array(entries);
    this.depth = new Int32Array(entries);
    this.round = new Int32Array(entries);
    this.level = new Int32Array(entries);
  }

  hasCode(line: number): boolean {
    return (this.first[line] ?? -1) >= 0;
  }

  /** The line's code, cut to its first `limit` characters. */
  code(line: number, limit: number): string {
    const first = this.first[line] ?? 0;
    return this.text.slice(first, Math.min(this.end[line] ?? 0, first + limit));
  }

  /** The last `limit` characters of the line's code. */
  codeEnd(line: number, limit: number): string {
    const end = this.end[line] ?? 0;
    return this.text.slice(Math.max(this.first[line] ?? 0, end - limit), end);
  }
}
