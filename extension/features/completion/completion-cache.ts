/** Recent completions, also found after some of their text was typed. */

import { LRUCache } from 'lru-cache';

const maxEntries = 250;
/** How many typed characters are considered. */
const maxTyped = 80;

export interface CompletionPlace {
  /** The document. */
  readonly document: string;
  readonly prefix: string;
  readonly suffix: string;
}

/** Completions by the text before and after the cursor. */
export class CompletionCache {
  readonly #entries = new LRUCache<string, string>({ max: maxEntries });

  /** Stores a completion, also an empty one, so that it is not requested again. */
  set(place: CompletionPlace, text: string): void {
    this.#entries.set(key(place, place.prefix), text);
  }

  /**
   * Returns the completion at this place, or the rest of one whose beginning was typed since.
   * @returns null if unknown; '' if it is known to be empty
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

  /** Removes everything, because the memory has changed. */
  clear(): void {
    this.#entries.clear();
  }
}

/** Makes a key. Compares prefixes by their end, because their start moves during typing. */
function key({ document, suffix }: CompletionPlace, prefix: string): string {
  return JSON.stringify([document, prefix.slice(-maxKeyCharacters), suffix.slice(0, maxTyped)]);
}

const maxKeyCharacters = 1_000;
