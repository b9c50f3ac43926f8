import type { StreamFile } from './stream-file.ts';
import type { LineUnits } from '../structure/unit-class.ts';
import { unitClass } from '../structure/unit-class.ts';

/** What the tokens of a part of the stream belong to: one entry per token. */
export interface TokenStructure {
  /** The syntactic unit: ascending in the stream, the same for all tokens of a unit; -1: none. */
  readonly units: Int32Array;
  /** A `UnitClass`: what the unit is, 0 where a policy has no reason to raise it. */
  readonly raised: Uint8Array;
  /** The number of a file of the stream, ascending; -1 before the first. */
  readonly files: Int32Array;
}

/** A file of the stream and the units of its lines. */
interface StructuredFile {
  readonly file: StreamFile;
  /** Of the file in the stream: no other one ever has it. */
  readonly number: number;
  /** The number of its header's unit; those of its lines follow. */
  readonly firstUnit: number;
  readonly lines: LineUnits;
}

/** How many files and units a stream has named so far: the next ones are named from here on. */
export interface StructureNumbers {
  readonly files: number;
  readonly units: number;
}

/** The units of a whole stream, by line: five bytes a line instead of nine a token. */
export class StreamStructure {
  #files: StructuredFile[] = [];
  #named: StructureNumbers = { files: 0, units: 0 };

  /** What names are used up, those of files that were forgotten among them. */
  get named(): StructureNumbers {
    return this.#named;
  }

  /** Names nothing that was named before it was restored. */
  goOnFrom(named: StructureNumbers): void {
    this.#named = named;
  }

  /** Appends a file: its header is one unit, and its lines have the units given. */
  add(file: StreamFile, lines: LineUnits): void {
    const { files, units } = this.#named;
    this.#files.push({ file, number: files, firstUnit: units, lines });
    this.#named = { files: files + 1, units: units + 2 + (lines.units.at(-1) ?? -1) };
  }

  /** Takes back the file that was added last: its names are free again. */
  dropLast(): void {
    const last = this.#files.pop();
    if (last !== undefined) this.#named = { files: last.number, units: last.firstUnit };
  }

  /** Forgets the file that begins at a token; its names stay used. */
  forget(from: number): void {
    this.#files = this.#files.filter(({ file }) => file.from !== from);
  }

  /**
   * What the tokens of [from, to) belong to.
   * @param lineOfToken the line of each of these tokens, from 1, as the index has them
   */
  of(from: number, to: number, lineOfToken: Uint32Array): TokenStructure {
    const units = new Int32Array(to - from).fill(-1);
    const raised = new Uint8Array(to - from);
    const files = new Int32Array(to - from).fill(-1);
    for (const { file, number, firstUnit, lines } of this.#files.slice(this.#first(from))) {
      if (file.from >= to) break;
      const begin = Math.max(file.from, from) - from;
      const content = Math.max(file.contentFrom, from) - from;
      const end = Math.min(file.to, to) - from;
      if (end <= begin) continue;
      files.fill(number, begin, end);
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

  /** Where the last file stands that begins at a token or before it; 0 where none does. */
  #first(from: number): number {
    let low = 0;
    let high = this.#files.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#files[middle]?.file.from ?? Infinity) <= from) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
