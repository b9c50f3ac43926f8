import type { StreamFile } from './stream-file.ts';
import type { LineUnits } from '../structure/unit-class.ts';
import { StreamStructure, type StructureNumbers, type TokenStructure } from './token-structure.ts';

export interface StreamPlace {
  /** An index into `files`. */
  readonly file: number;
  /** From 1; 0 in a file's header. */
  readonly line: number;
}

/** Which file and line each token of the stream comes from. Grows as the stream does. */
export interface StreamIndex {
  /** Tokens so far: headers and files. */
  readonly tokens: number;
  /** In the order of the stream. */
  readonly files: readonly StreamFile[];
  /** Of them, those of files: what was dropped is not among them. */
  readonly fileTokens: number;
  /** null before the first file, and where a file was dropped. */
  locate(index: number): StreamPlace | null;
  fileOf(path: string): StreamFile | null;
  /** Lines, one per token of [from, to): 0 in headers. A view, valid until the stream grows. */
  lines(from: number, to: number): Uint32Array;
  /** 1 for the tokens that are kept for good: the first four and the headers. A view likewise. */
  protection(from: number, to: number): Uint8Array;
  /** What the tokens of [from, to) belong to. */
  structure(from: number, to: number): TokenStructure;
}

/** The first tokens of a stream, to which all later ones attend (StreamingLLM's sinks). */
export const sinkTokens = 4;

/** The index while its stream is written: four bytes and one per token, doubled when full. */
export class StreamIndexBuilder implements StreamIndex {
  readonly files: StreamFile[] = [];
  readonly #byPath = new Map<string, StreamFile>();
  readonly #structure = new StreamStructure();
  #lines = new Uint32Array(1024);
  #protection = new Uint8Array(1024);
  #tokens = 0;
  #fileTokens = 0;

  get tokens(): number {
    return this.#tokens;
  }

  get fileTokens(): number {
    return this.#fileTokens;
  }

  /** The names of files and units that the stream has used. */
  get named(): StructureNumbers {
    return this.#structure.named;
  }

  /** Appends tokens that belong to no file. */
  addHeader(tokens: number, keep: boolean): void {
    this.#reserve(tokens);
    this.#protect(this.#tokens, tokens, keep ? tokens : 0);
    this.#tokens += tokens;
  }

  /**
   * Appends a file.
   * @param lineOfToken the line, from 1, of each token of its text
   * @param keptTokens how many of its first tokens, the header's before all, are kept for good
   * @param units the unit of each line of its text
   */
  addFile(
    { path, hash, lines }: Pick<StreamFile, 'path' | 'hash' | 'lines'>,
    headerTokens: number,
    lineOfToken: Uint32Array,
    keptTokens: number,
    units: LineUnits,
  ): void {
    const from = this.#tokens;
    const contentFrom = from + headerTokens;
    const to = contentFrom + lineOfToken.length;
    this.#reserve(to - from);
    this.#lines.set(lineOfToken, contentFrom);
    this.#protect(from, to - from, keptTokens);
    this.#tokens = to;
    const file = { path, hash, from, contentFrom, to, lines };
    this.#take(file);
    this.#structure.add(file, units);
  }

  /**
   * Takes what another index held, in place of nothing: enough to find places and to add files, not
   * to read on in the midst of one.
   * @param lines a line for each token, 0 in headers; owned from here on
   * @param named the names that its stream has used
   */
  restore(
    files: readonly StreamFile[],
    lines: Uint32Array<ArrayBuffer>,
    named: StructureNumbers,
  ): void {
    if (this.#tokens > 0) throw new RangeError('The index has tokens already.');
    for (const file of files) this.#take(file);
    this.#structure.goOnFrom(named);
    this.#lines = lines;
    this.#protection = new Uint8Array(lines.length);
    this.#tokens = lines.length;
  }

  /**
   * Forgets the last files, those of which no token lies before the one given.
   * @returns their paths
   */
  forget(from: number): string[] {
    const paths: string[] = [];
    for (let last = this.files.at(-1); last !== undefined && last.from >= from;) {
      this.files.pop();
      this.#byPath.delete(last.path);
      this.#fileTokens -= last.to - last.from;
      this.#structure.dropLast();
      this.#tokens = last.from;
      paths.push(last.path);
      last = this.files.at(-1);
    }
    this.#lines.fill(0, this.#tokens);
    this.#protection.fill(0, this.#tokens);
    return paths;
  }

  /**
   * Drops a file that the stream has, wherever it stands: its tokens are nothing's from now on.
   * @returns what was dropped; null where there is no such file
   */
  drop(path: string): StreamFile | null {
    const file = this.#byPath.get(path);
    if (file === undefined) return null;
    this.files.splice(this.files.indexOf(file), 1);
    this.#byPath.delete(path);
    this.#structure.forget(file.from);
    this.#fileTokens -= file.to - file.from;
    this.#lines.fill(0, file.from, file.to);
    this.#protection.fill(0, file.from, file.to);
    return file;
  }

  /**
   * Gives files other paths, all at once: two may exchange theirs. The header in the stream still has the
   * path that it was read under: the text is the same, and reading it again would cost more than that
   * is worth.
   */
  rename(renamed: readonly { readonly from: string; readonly to: string }[]): void {
    const moved = renamed.flatMap(({ from, to }) => {
      const file = this.#byPath.get(from);
      return file === undefined ? [] : [{ file, path: to }];
    });
    for (const { file } of moved) this.#byPath.delete(file.path);
    for (const { file, path } of moved) {
      const known = { ...file, path };
      this.files.splice(this.files.indexOf(file), 1, known);
      this.#byPath.set(path, known);
    }
  }

  /**
   * Ends the stream at a token: files behind it are forgotten, and one that it cuts is dropped.
   * @returns their paths
   */
  cutOff(tokens: number): string[] {
    const paths = this.forget(tokens);
    const last = this.files.at(-1);
    if (last !== undefined && last.to > tokens) {
      paths.push(last.path);
      this.drop(last.path);
    }
    this.#tokens = tokens;
    return paths;
  }

  locate(index: number): StreamPlace | null {
    const file = this.#fileAt(index);
    const { from = Infinity, to = 0 } = this.files[file] ?? {};
    return index < from || index >= to ? null : { file, line: this.#lines[index] ?? 0 };
  }

  fileOf(path: string): StreamFile | null {
    return this.#byPath.get(path) ?? null;
  }

  lines(from: number, to: number): Uint32Array {
    return this.#lines.subarray(from, Math.min(to, this.#tokens));
  }

  protection(from: number, to: number): Uint8Array {
    return this.#protection.subarray(from, Math.min(to, this.#tokens));
  }

  structure(from: number, to: number): TokenStructure {
    const end = Math.min(to, this.#tokens);
    return this.#structure.of(from, end, this.lines(from, end));
  }

  /** The last file that begins at this token or before it; the first where none does. */
  #fileAt(index: number): number {
    let low = 0;
    let high = this.files.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.files[middle]?.from ?? Infinity) <= index) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  #take(file: StreamFile): void {
    this.files.push(file);
    this.#byPath.set(file.path, file);
    this.#fileTokens += file.to - file.from;
  }

  #protect(from: number, length: number, kept: number): void {
    this.#protection.fill(1, from, from + kept);
    this.#protection.fill(1, from, Math.max(from, Math.min(from + length, sinkTokens)));
  }

  #reserve(tokens: number): void {
    const needed = this.#tokens + tokens;
    if (needed <= this.#lines.length) {
      return;
    }
    const capacity = Math.max(needed, 2 * this.#lines.length);
    const lines = new Uint32Array(capacity);
    lines.set(this.#lines);
    this.#lines = lines;
    const protection = new Uint8Array(capacity);
    protection.set(this.#protection);
    this.#protection = protection;
  }
}
