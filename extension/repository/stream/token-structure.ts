import type { StreamFile } from './stream-file.ts';
import type { LineUnits } from '../structure/unit-class.ts';
import { unitClass } from '../structure/unit-class.ts';

/** What the tokens of a part of the stream belong to: one entry per token. */
export interface TokenStructure {
  /** The syntactic unit: ascending in the stream, the same for all tokens of a unit; -1: none. */
  readonly units: Int32Array;
  /** A `UnitClass`: what the unit is, 0 where a policy has no reason to raise it. */
  readonly raised: Uint8Array;
  /** An index into the stream's files; -1 before the first. */
  readonly files: Int32Array;
}

/** A file of the stream and the units of its lines. */
interface StructuredFile {
  readonly file: StreamFile;
  /** The number of its header's unit; those of its lines follow. */
  readonly firstUnit: number;
  readonly lines: LineUnits;
}

/** The units of a whole stream, by line: five bytes a line instead of nine a token. */
export class StreamStructure {
  readonly #files: StructuredFile[] = [];
  #units = 0;

  /** Appends a file: its header is one unit, and its lines have the units given. */
  add(file: StreamFile, lines: LineUnits): void {
    this.#files.push({ file, firstUnit: this.#units, lines });
    this.#units += 2 + (lines.units.at(-1) ?? -1);
  }

  /** Forgets the file that was added last. */
  dropLast(): void {
    this.#units = this.#files.pop()?.firstUnit ?? 0;
  }

  /**
   * What the tokens of [from, to) belong to.
   * @param first the file that `from` is in, or any before it
   * @param lineOfToken the line of each of these tokens, from 1, as the index has them
   */
  of(from: number, to: number, first: number, lineOfToken: Uint32Array): TokenStructure {
    const units = new Int32Array(to - from).fill(-1);
    const raised = new Uint8Array(to - from);
    const files = new Int32Array(to - from).fill(-1);
    for (let position = first; position < this.#files.length; position++) {
      const structured = this.#files[position];
      if (structured === undefined || structured.file.from >= to) break;
      const { file, firstUnit, lines } = structured;
      const begin = Math.max(file.from, from) - from;
      const content = Math.max(file.contentFrom, from) - from;
      const end = Math.min(file.to, to) - from;
      files.fill(position, begin, end);
      units.fill(firstUnit, begin, Math.min(content, end));
      raised.fill(unitClass.pathHeader, begin, Math.min(content, end));
      for (let index = content; index < end; index++) {
        const line = (lineOfToken[index] ?? 1) - 1;
        units[index] = firstUnit + 1 + (lines.units[line] ?? 0);
        raised[index] = lines.classes[line] ?? unitClass.none;
      }
    }
    return { units, raised, files };
  }
}
