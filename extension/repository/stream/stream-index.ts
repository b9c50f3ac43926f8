import type { StreamFile } from './stream-file.ts';
import type { LineUnits } from '../structure/unit-class.ts';
import { StreamStructure, type TokenStructure } from './token-structure.ts';

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
  /** null before the first file. */
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

  get tokens(): number {
    return this.#tokens;
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
   * @param keptHeaderTokens how many of the header's first tokens are kept for good
   * @param units the unit of each line of its text
   */
  addFile(
    { path, hash, lines }: Pick<StreamFile, 'path' | 'hash' | 'lines'>,
    headerTokens: number,
    lineOfToken: Uint32Array,
    keptHeaderTokens: number,
    units: LineUnits,
  ): void {
    const from = this.#tokens;
    const contentFrom = from + headerTokens;
    const to = contentFrom + lineOfToken.length;
    this.#reserve(to - from);
    this.#lines.set(lineOfToken, contentFrom);
    this.#protect(from, to - from, keptHeaderTokens);
    this.#tokens = to;
    const file = { path, hash, from, contentFrom, to, lines };
    this.files.push(file);
    this.#byPath.set(path, file);
    this.#structure.add(file, units);
  }

  /**
   * Takes what another index held, in place of nothing: enough to find places, not to read on.
   * @param lines a line for each token, 0 in headers; owned from here on
   */
  restore(files: readonly StreamFile[], lines: Uint32Array<ArrayBuffer>): void {
    if (this.#tokens > 0) throw new RangeError('The index has tokens already.');
    for (const file of files) {
      this.files.push(file);
      this.#byPath.set(file.path, file);
    }
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
      this.#structure.dropLast();
      this.#tokens = last.from;
      paths.push(last.path);
      last = this.files.at(-1);
    }
    this.#lines.fill(0, this.#tokens);
    this.#protection.fill(0, this.#tokens);
    return paths;
  }

  locate(index: number): StreamPlace | null {
    if (index < (this.files[0]?.from ?? Infinity) || index >= this.#tokens) {
      return null;
    }
    return { file: this.#fileAt(index), line: this.#lines[index] ?? 0 };
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
    return this.#structure.of(from, end, this.#fileAt(from), this.lines(from, end));
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
