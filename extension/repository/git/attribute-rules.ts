import { type BytePath, foldCase } from '../disk/byte-path.ts';
import { type AttributeLine, type AttributeState, parseAttributeLines } from './attribute-lines.ts';
import { matchesPattern } from './path-pattern.ts';

/** The attributes that Loci looks up. */
export type AskedAttribute = 'linguist-generated' | 'working-tree-encoding' | 'encoding';
const asked: ReadonlySet<string> = new Set<AskedAttribute>([
  'linguist-generated',
  'working-tree-encoding',
  'encoding',
]);

interface AttributeFile {
  /** '' or ending with a slash, relative to the same folder as all tested paths. */
  readonly folder: BytePath;
  /** Whether it overrides the files in the work tree, as `info/attributes` does. */
  readonly last: boolean;
  readonly lines: readonly AttributeLine[];
}

interface PlacedLine {
  readonly folder: BytePath;
  readonly line: AttributeLine;
}

/** The states found for a file so far. */
type States = Map<string, AttributeState>;

/**
 * A stack of attributes files with git's precedence: for each attribute, the last matching line
 * decides, and deeper files override those above. Immutable: a folder with a file of its own gets
 * an extended copy.
 */
export class AttributeRules {
  readonly #ignoreCase: boolean;
  /** In order of precedence, highest first. */
  readonly #files: readonly AttributeFile[];
  readonly #macros: ReadonlyMap<string, AttributeLine>;
  /** The lines that can affect a looked-up attribute, in order of precedence. */
  readonly #lines: readonly PlacedLine[];

  private constructor(ignoreCase: boolean, files: readonly AttributeFile[]) {
    const lines = files.flatMap(({ folder, lines }) =>
      lines.toReversed().map((line) => ({ folder, line })),
    );
    // Only the top folder may define macros.
    const macros = lines.filter(({ folder, line }) => line.kind === 'macro' && folder === '');
    this.#ignoreCase = ignoreCase;
    this.#files = files;
    this.#macros = new Map(
      macros.toReversed().flatMap(({ line }) => (line.kind === 'macro' ? [[line.name, line]] : [])),
    );
    this.#lines = lines.filter(
      ({ line }) =>
        line.kind === 'pattern' &&
        line.attributes.some(({ name }) => asked.has(name) || this.#macros.has(name)),
    );
  }

  /** @param ignoreCase like git's `core.ignoreCase`: ASCII letters only */
  static none(ignoreCase: boolean): AttributeRules {
    return new AttributeRules(ignoreCase, []);
  }

  /** Adds a file from outside the work tree; `last` for `info/attributes`, which overrides all. */
  extendShared(text: string | null, last: boolean): AttributeRules {
    return this.#with('', text, last);
  }

  /**
   * @param folder of the file, '' or ending with a slash, relative to the top of the work tree
   * @param text of the file, one character per byte; null if there is none
   */
  extend(folder: BytePath, text: string | null): AttributeRules {
    return this.#with(folder, text, false);
  }

  /**
   * The state of an attribute of a file: set, unset or a text; undefined if nothing sets it or it
   * is declared unspecified.
   * @param path relative to the top of the work tree
   */
  stateOf(path: BytePath, attribute: AskedAttribute): true | false | string | undefined {
    const states: States = new Map();
    for (const { folder, line } of this.#lines) {
      if (states.has(attribute)) break;
      if (line.kind === 'pattern' && this.#isBelow(path, folder)) {
        const below = path.slice(folder.length);
        if (matchesPattern(line.pattern, below, this.#ignoreCase)) this.#fill(line, states);
      }
    }
    return states.get(attribute) ?? undefined;
  }

  #fill({ attributes }: AttributeLine, states: States): void {
    for (const { name, state } of attributes.toReversed()) {
      if (states.has(name)) continue;
      states.set(name, state);
      const macro = state === true ? this.#macros.get(name) : undefined;
      if (macro !== undefined) this.#fill(macro, states);
    }
  }

  #with(folder: BytePath, text: string | null, last: boolean): AttributeRules {
    const lines = text === null ? [] : parseAttributeLines(text);
    if (lines.length === 0) return this;
    const above = this.#files.findIndex((file) => last || !file.last);
    const place = above === -1 ? this.#files.length : above;
    return new AttributeRules(
      this.#ignoreCase,
      this.#files.toSpliced(place, 0, { folder, last, lines }),
    );
  }

  #isBelow(path: BytePath, folder: BytePath): boolean {
    const start = path.slice(0, folder.length);
    return this.#ignoreCase ? foldCase(start) === foldCase(folder) : start === folder;
  }
}
