/** What the lexer found out about each line of a text. Arrays have one entry more than lines. */
export class CodeLines {
  readonly text: string;
  readonly count: number;
  /** Where its code begins and ends in the text, without comments and space; -1 and -1: none. */
  readonly first: Int32Array;
  readonly end: Int32Array;
  /** 1 where the line begins within a comment or a string. */
  readonly inside: Uint8Array;
  /** Open brackets where the line begins, of any kind, and of round and square ones alone. */
  readonly depth: Int32Array;
  readonly round: Int32Array;
  /** `depth` without the brackets that the line closes before anything else. */
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

  /** The line's code, at most `limit` characters from its beginning. */
  code(line: number, limit: number): string {
    const first = this.first[line] ?? 0;
    return this.text.slice(first, Math.min(this.end[line] ?? 0, first + limit));
  }

  /** The last `limit` characters of the line's code at most. */
  codeEnd(line: number, limit: number): string {
    const end = this.end[line] ?? 0;
    return this.text.slice(Math.max(this.first[line] ?? 0, end - limit), end);
  }
}
