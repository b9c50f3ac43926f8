import { createHash } from 'node:crypto';
import MiniSearch from 'minisearch';
import { type OccurrenceKind, OccurrenceScanner } from './occurrences.ts';
import { detach, subWords } from './sub-words.ts';

export interface SearchIndexLimits {
  /** Text beyond this many characters is not added to the window index (the costly half). */
  readonly windowCharacters: number;
  /** Text beyond this many characters is not indexed at all. */
  readonly exactCharacters: number;
}

export interface NameOccurrence {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly kind: OccurrenceKind;
}

export interface NameOccurrences {
  /** Files that hold the name. */
  readonly files: number;
  /** Definitions first, then imports, then uses; in the order of the files. */
  readonly occurrences: readonly NameOccurrence[];
}

export interface TextWindow {
  readonly path: string;
  /** Both from 1, both included. */
  readonly fromLine: number;
  readonly toLine: number;
  readonly score: number;
}

interface IndexedFile {
  readonly path: string;
  /** The ordinal of its first line among all lines ever added. */
  readonly firstLine: number;
  readonly lines: number;
  readonly fingerprint: string;
  readonly characters: number;
  readonly windows: readonly number[];
}

interface WindowDocument {
  readonly id: number;
  readonly text: string;
}

const defaultLimits: SearchIndexLimits = {
  windowCharacters: 16 * 1024 * 1024,
  exactCharacters: 128 * 1024 * 1024,
};

export const windowLines = 16;
/** Occurrences of removed files are dropped once these are more lines than the others, and so many. */
const fewLines = 10_000;

/** An occurrence is one number: four times the line's ordinal, plus its kind. */
const kinds = ['definition', 'import', 'use'] as const;

function fingerprintOf(text: string): string {
  return createHash('sha1').update(text).digest('base64');
}

/**
 * The repository's names and words, built while its files are read. Holds no text: for each name
 * the lines that it is on, and for words a full-text index over windows of lines.
 */
export class SearchIndex {
  readonly #limits: SearchIndexLimits;
  readonly #byPath = new Map<string, IndexedFile>();
  /** In the order in which they were added, so also by first line; removed ones stay for a while. */
  #files: IndexedFile[] = [];
  readonly #occurrences = new Map<string, number[]>();
  readonly #windows = new MiniSearch<WindowDocument>({
    fields: ['text'],
    tokenize: subWords,
    processTerm: (term) => term,
    searchOptions: { combineWith: 'OR', prefix: (term) => term.length > 3 },
  });
  #exhaustive = true;
  #lines = 0;
  #liveLines = 0;
  #removedLines = 0;
  #characters = 0;
  #nextWindow = 0;
  readonly #windowPlaces = new Map<number, { readonly file: IndexedFile; readonly line: number }>();

  constructor(limits: Partial<SearchIndexLimits> = {}) {
    this.#limits = { ...defaultLimits, ...limits };
  }

  /** Paths of the files that are in. */
  get paths(): IterableIterator<string> {
    return this.#byPath.keys();
  }

  /** Whether every name of every file is in: a name that is not found then occurs nowhere. */
  get isExhaustive(): boolean {
    return this.#exhaustive;
  }

  get fileCount(): number {
    return this.#byPath.size;
  }

  /**
   * Adds a file; the lines of `text` end with `\n`. A path that is there already is replaced.
   * @param changed whether this is another text than the one that was read
   */
  add(path: string, text: string, changed = false): void {
    this.remove(path);
    const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
    const exact = this.#characters + text.length <= this.#limits.exactCharacters;
    const words = this.#characters + text.length <= this.#limits.windowCharacters;
    const windows: number[] = [];
    const file: IndexedFile = {
      path,
      firstLine: this.#lines,
      lines: lines.length,
      fingerprint: changed ? '' : fingerprintOf(text),
      characters: text.length,
      windows,
    };
    this.#lines += lines.length;
    this.#liveLines += lines.length;
    this.#characters += text.length;
    this.#files.push(file);
    this.#byPath.set(path, file);
    if (exact) {
      this.#addOccurrences(file, lines);
    } else {
      this.#exhaustive = false;
    }
    for (let line = 0; words && line < lines.length; line += windowLines) {
      const id = this.#nextWindow++;
      windows.push(id);
      this.#windowPlaces.set(id, { file, line: line + 1 });
      this.#windows.add({ id, text: lines.slice(line, line + windowLines).join('\n') });
    }
  }

  /** Forgets a file. */
  remove(path: string): void {
    const file = this.#byPath.get(path);
    if (file === undefined) {
      return;
    }
    this.#byPath.delete(path);
    this.#characters -= file.characters;
    this.#liveLines -= file.lines;
    this.#removedLines += file.lines;
    if (this.#removedLines > Math.max(fewLines, this.#liveLines)) this.#dropRemoved();
    for (const id of file.windows) {
      this.#windows.discard(id);
      this.#windowPlaces.delete(id);
    }
  }

  /** Whether a file still has the text that was added; null for one that is not in. */
  isUnchanged(path: string, text: string): boolean | null {
    const file = this.#byPath.get(path);
    return file === undefined ? null : file.fingerprint === fingerprintOf(text);
  }

  /** Where a name stands, spelled just so. @param most occurrences to return */
  find(name: string, most: number): NameOccurrences {
    const places: NameOccurrence[][] = [[], [], []];
    const files = new Set<string>();
    let position = 0;
    for (const packed of this.#occurrences.get(name) ?? []) {
      const ordinal = packed >>> 2;
      while ((this.#files[position + 1]?.firstLine ?? Infinity) <= ordinal) {
        position++;
      }
      const file = this.#files[position];
      const kind = packed & 3;
      if (file !== undefined && this.#byPath.get(file.path) === file) {
        files.add(file.path);
        places[kind]?.push({
          path: file.path,
          line: ordinal - file.firstLine + 1,
          kind: kinds[kind] ?? 'use',
        });
      }
    }
    return { files: files.size, occurrences: places.flat().slice(0, most) };
  }

  /** The names that match and have a definition, in the order in which they were first met. */
  *definedNames(matches: (name: string) => boolean): Generator<string> {
    for (const [name, places] of this.#occurrences) {
      if (matches(name) && places.some((packed) => (packed & 3) === 0)) yield name;
    }
  }

  /** The windows that hold most of the words of `query`, weighed by rarity, best first. */
  searchWindows(query: string, most: number): TextWindow[] {
    const found: TextWindow[] = [];
    for (const { id, score } of this.#windows.search(query).slice(0, most)) {
      const place = this.#windowPlaces.get(Number(id));
      if (place !== undefined) {
        const { file, line } = place;
        const toLine = Math.min(file.lines, line + windowLines - 1);
        found.push({ path: file.path, fromLine: line, toLine, score });
      }
    }
    return found;
  }

  /** A file that is saved again and again must not grow the index. */
  #dropRemoved(): void {
    const isLive = (file: IndexedFile | undefined): boolean =>
      file !== undefined && this.#byPath.get(file.path) === file;
    for (const [name, places] of this.#occurrences) {
      let position = 0;
      const left = places.filter((packed) => {
        const ordinal = packed >>> 2;
        while ((this.#files[position + 1]?.firstLine ?? Infinity) <= ordinal) position++;
        return isLive(this.#files[position]);
      });
      if (left.length === 0) this.#occurrences.delete(name);
      else if (left.length < places.length) this.#occurrences.set(name, left);
    }
    this.#files = this.#files.filter(isLive);
    this.#removedLines = 0;
  }

  #addOccurrences(file: IndexedFile, lines: readonly string[]): void {
    const scanner = new OccurrenceScanner();
    for (const [offset, line] of lines.entries()) {
      const ordinal = file.firstLine + offset;
      for (const { name, kind } of scanner.scan(line)) {
        this.#addOccurrence(name, ordinal, kinds.indexOf(kind));
      }
    }
  }

  #addOccurrence(name: string, ordinal: number, kind: number): void {
    const list = this.#occurrences.get(name);
    const packed = ordinal * 4 + kind;
    if (list === undefined) {
      this.#occurrences.set(detach(name), [packed]);
      return;
    }
    const last = list[list.length - 1] ?? -1;
    // Of several occurrences on one line the strongest counts.
    if (last >>> 2 !== ordinal) {
      list.push(packed);
    } else if (packed < last) {
      list[list.length - 1] = packed;
    }
  }
}
