/** Recent completions, found again also after some of their text was typed. */

import { LRUCache } from 'lru-cache';

const maxEntries = 250;
/** How far back typed text is looked through. */
const maxTyped = 80;

export interface CompletionPlace {
  /** The document. */
  readonly document: string;
  readonly prefix: string;
  readonly suffix: string;
}

/** Completions by what stood before and after the cursor. */
export class CompletionCache {
  readonly #entries = new LRUCache<string, string>({ max: maxEntries });

  /** Keeps a completion; also an empty one, so that it is not asked for again. */
  set(place: CompletionPlace, text: string): void {
    this.#entries.set(key(place, place.prefix), text);
  }

  /**
   * The completion at this place, or the rest of an earlier one whose beginning was typed since.
   * @returns null where nothing is known; '' where there is known to be nothing
   */
  get(place: CompletionPlace): string | null {
    const { prefix } = place;
    const furthest = Math.min(maxTyped, prefix.length);
    for (let typed = 0; typed <= furthest; typed++) {
      const text = this.#entries.get(key(place, prefix.slice(0, prefix.length - typed)));
      if (text === undefined) continue;
      const typedText = prefix.slice(prefix.length - typed);
      if (typed === 0) return text;
      if (text.length > typed && text.startsWith(typedText)) return text.slice(typed);
    }
    return null;
  }

  /** Forgets everything: the memory behind it is another. */
  clear(): void {
    this.#entries.clear();
  }
}

/** Prefixes are compared by their end: where they begin moves while one types. */
function key({ document, suffix }: CompletionPlace, prefix: string): string {
  return JSON.stringify([document, prefix.slice(-maxKeyCharacters), suffix.slice(0, maxTyped)]);
}

const maxKeyCharacters = 1_000;
