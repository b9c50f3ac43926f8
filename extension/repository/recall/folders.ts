import { foldName } from './folded-text.ts';

/** The folders that listed files lie in, at any depth. */
export class Folders {
  readonly #files = new Map<string, string[]>();
  readonly #paths: string[] = [];

  /** @param files paths as in the listing */
  constructor(files: readonly string[]) {
    for (const file of files) {
      for (let end = file.indexOf('/'); end > 0; end = file.indexOf('/', end + 1)) {
        const folder = file.slice(0, end);
        const key = foldName(folder);
        const list = this.#files.get(key);
        if (list === undefined) {
          this.#files.set(key, [file]);
          this.#paths.push(folder);
        } else {
          list.push(file);
        }
      }
    }
  }

  /** Every folder's path, without a slash at its end. */
  get paths(): readonly string[] {
    return this.#paths;
  }

  /** The files below a folder, in the order of the listing; none where there is no such folder. */
  filesIn(path: string): readonly string[] {
    const folder = foldName(path).replace(/^\.\//u, '').replace(/\/+$/u, '');
    return this.#files.get(folder) ?? [];
  }
}
