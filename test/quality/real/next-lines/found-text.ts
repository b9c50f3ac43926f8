/** Plain retrieval as a control: windows of lines, by BM25 over identifiers and their words. */
import MiniSearch from 'minisearch';
import { subWords } from '../../../../extension/repository/recall/sub-words.ts';

/** The number of lines in a window. */
const windowLines = 16;

/** A passage of a file; `text` ends with a newline. */
export interface FoundText {
  readonly path: string;
  readonly text: string;
}

interface Window extends FoundText {
  readonly id: number;
}

/** Searches the files that were read. */
export class TextSearch {
  readonly #windows: readonly Window[];
  readonly #search = new MiniSearch<Window>({
    fields: ['text', 'path'],
    tokenize: terms,
    processTerm: (term) => term,
  });

  constructor(files: Iterable<readonly [path: string, text: string]>) {
    const windows: Window[] = [];
    for (const [path, text] of files) {
      const lines = text.split('\n');
      for (let from = 0; from < lines.length; from += windowLines) {
        const part = lines.slice(from, from + windowLines).join('\n');
        if (part.trim() !== '') windows.push({ id: windows.length, path, text: `${part}\n` });
      }
    }
    this.#windows = windows;
    this.#search.addAll(windows);
  }

  /**
   * The best windows for a text, best first, without those that contain the text's own last line.
   * @param lengthOf the length of one window, in any unit
   * @param room in the same unit; a window that does not fit is left out
   */
  find(text: string, lengthOf: (found: FoundText) => number, room: number): FoundText[] {
    const own = text.slice(-80);
    const found: FoundText[] = [];
    let left = room;
    for (const { id } of this.#search.search(text, { combineWith: 'OR' })) {
      const window = this.#windows[Number(id)];
      if (window === undefined || window.text.includes(own)) continue;
      const length = lengthOf(window);
      if (length > left) continue;
      found.push(window);
      left -= length;
    }
    return found;
  }
}

/** Whole identifiers, and the words in them. */
function terms(text: string): string[] {
  return [...(text.match(/[\p{L}_$][\p{L}\p{N}_$]{2,}/gu) ?? []), ...subWords(text)];
}
