import { isUtf8 } from 'node:buffer';

/**
 * Paths as git stores them: bytes, not text. They are held as strings with one character per byte
 * (`latin1`), relative, with forward slashes. Patterns can then match byte by byte, and names that
 * are not UTF-8 stay distinct.
 */
export type BytePath = string;

export function toBytePath(text: string): BytePath {
  return Buffer.from(text, 'utf8').toString('latin1');
}

export function bytesOf(path: BytePath): Buffer {
  return Buffer.from(path, 'latin1');
}

/** The path as text, or null if its bytes are not UTF-8: such a file has no path as text. */
export function toText(path: BytePath): string | null {
  const bytes = bytesOf(path);
  return isUtf8(bytes) ? bytes.toString('utf8') : null;
}

/** Formats a path for display: segments that are not UTF-8 show their bytes as `\xE9`. */
export function displayPath(path: BytePath): string {
  const escape = (character: string): string =>
    `\\x${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return path
    .split('/')
    .map((segment) => toText(segment) ?? segment.replace(/[\x80-\xff]/g, escape))
    .join('/');
}

/** Lower-cases ASCII letters only, as git folds names under `core.ignoreCase`. */
export function foldCase(path: BytePath): BytePath {
  return path.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** A set of files that also knows which folders contain them. */
export class PathSet {
  readonly #paths = new Set<BytePath>();
  readonly #folders = new Set<BytePath>();
  readonly #ignoreCase: boolean;

  constructor(paths: Iterable<BytePath>, ignoreCase = false) {
    this.#ignoreCase = ignoreCase;
    for (const path of paths) {
      const key = this.#key(path);
      this.#paths.add(key);
      for (let end = key.lastIndexOf('/', key.length - 2); end > 0;) {
        const folder = key.slice(0, end + 1);
        if (this.#folders.has(folder)) {
          break;
        }
        this.#folders.add(folder);
        end = key.lastIndexOf('/', end - 1);
      }
    }
  }

  has(path: BytePath): boolean {
    return this.#paths.has(this.#key(path));
  }

  /** @param folder ends with a slash */
  hasBelow(folder: BytePath): boolean {
    return this.#folders.has(this.#key(folder));
  }

  #key(path: BytePath): BytePath {
    return this.#ignoreCase ? foldCase(path) : path;
  }
}
