import type { Random } from './random.ts';
import type { WordList } from './words.ts';

export type Language = 'typescript' | 'python';
export type Style = 'camel' | 'pascal' | 'snake' | 'constant';

interface Shape {
  readonly words: readonly string[];
  readonly style: Style;
}

/** Folder and file names that programs like Loci exclude or treat specially. */
const unusualInPaths = new Set(
  `bin build bundle cache coverage credential credentials dist docs env generated key keys lock log
   logs min node out private secret secrets target temp tmp token tokens vendor`.split(/\s+/),
);

const keywords = new Set(
  `arguments assert async await break case catch class const continue debugger def default del delete
   elif else enum eval except export extends false finally for from function global if implements
   import in instanceof interface is lambda let new nonlocal not null pass private protected public
   raise return static super switch this throw true try type typeof undefined var void while with
   yield`.split(/\s+/),
);

/** Joins words into one identifier. */
export function joinWords(words: readonly string[], style: Style): string {
  const capitalised = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  switch (style) {
    case 'camel':
      return [words[0] ?? '', ...capitalised.slice(1)].join('');
    case 'pascal':
      return capitalised.join('');
    case 'snake':
      return words.join('_');
    case 'constant':
      return words.join('_').toUpperCase();
  }
}

/** Normalises a name: two spellings of the same words count as the same. */
function normaliseName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

/**
 * Draws names and values that occur once per repository, so that each question has one answer and
 * a right answer can only come from the repository's text.
 */
export class Names {
  readonly #random: Random;
  readonly #words: WordList;
  readonly #rareShare: number;
  /** Identifiers and values that are taken: drawn already, or found in other text. */
  readonly #used = new Set<string>();
  readonly #taken: Set<string>;
  readonly #shapes = new Map<string, Shape>();

  /** @param taken identifiers that other text of the repository contains. */
  constructor(random: Random, words: WordList, rareShare: number, taken: Iterable<string>) {
    this.#random = random;
    this.#words = words;
    this.#rareShare = rareShare;
    this.#taken = new Set(Array.from(taken, normaliseName));
  }

  word(): string {
    const rare = this.#random.chance(this.#rareShare);
    return this.#random.pick(rare ? this.#words.tail : this.#words.common);
  }

  words(count: number): string[] {
    return Array.from({ length: count }, () => this.word());
  }

  /** Draws a new identifier, by default in a style usual for the language. */
  identifier(language: Language, style?: Style): string {
    return this.#freshName(() => {
      const chosen = style ?? this.#usualStyle(language);
      const count =
        chosen === 'constant'
          ? 2
          : this.#random.weighted([
              [1, 8],
              [2, 60],
              [3, 32],
            ] as const);
      return this.#remember({ words: this.words(count), style: chosen });
    });
  }

  /** Draws a new identifier that shares all but one word with `name`: a near miss. */
  similar(name: string): string {
    const shape = this.#shapes.get(name);
    if (shape === undefined) throw new Error(`${name} was not drawn here.`);
    return this.#freshName(() => {
      const words = [...shape.words];
      words[this.#random.integer(0, words.length)] = this.word();
      if (this.#random.chance(0.15)) words.push(this.word());
      return this.#remember({ words, style: shape.style });
    });
  }

  /** Draws a parameter's name, unique within its function only. */
  parameter(language: Language): string {
    const count = this.#random.chance(0.5) ? 1 : 2;
    for (;;) {
      const name = joinWords(this.words(count), language === 'python' ? 'snake' : 'camel');
      if (!keywords.has(name)) return name;
    }
  }

  /** Draws a number of two to five digits. */
  number(): string {
    return this.#fresh(() => {
      const digits = this.#random.weighted([
        [2, 15],
        [3, 35],
        [4, 38],
        [5, 12],
      ] as const);
      return String(this.#random.integer(10 ** (digits - 1), 10 ** digits));
    });
  }

  /** Draws the text of a string value, without quotes. */
  text(): string {
    return this.#fresh(() => {
      const count = this.#random.weighted([
        [1, 15],
        [2, 70],
        [3, 15],
      ] as const);
      const text = this.words(count).join(
        this.#random.pick('- - - - - _ _ . .'.split(' ').concat(' ')),
      );
      if (!this.#random.chance(0.12)) return text;
      return text + this.#random.pick(['-', ':']) + String(this.#random.integer(10, 1000));
    });
  }

  /** Draws a module path in the language's notation. */
  modulePath(language: Language): string {
    return this.#freshPath(() => {
      const path = this.#modulePath();
      if (language === 'typescript') return path;
      return path
        .replace(/^[./@]+/, '')
        .replaceAll('/', '.')
        .replaceAll('-', '_');
    });
  }

  /** Draws the path of a source file, relative to the repository. */
  filePath(language: Language): string {
    return this.#freshPath(() => {
      const top = this.#random.pick([
        ...[
          'src',
          'src',
          'src',
          'lib',
          'lib',
          'app',
          'test',
          'core',
          'packages',
          'server',
          'tools',
        ],
      ]);
      const folder = this.#random.chance(0.45) ? `${top}/${this.#pathWord()}` : top;
      const words = Array.from({ length: this.#random.pick([1, 2, 2]) }, () => this.#pathWord());
      const style =
        language === 'python'
          ? 'snake'
          : this.#random.pick(['camel', 'camel', 'pascal', 'snake'] as const);
      const extension =
        language === 'python' ? '.py' : this.#random.pick(['.ts', '.ts', '.ts', '.js', '.tsx']);
      return `${folder}/${joinWords(words, style)}${extension}`;
    });
  }

  #modulePath(): string {
    const kind = this.#random.weighted([
      ['here', 50],
      ['up', 20],
      ['scope', 15],
      ['bare', 15],
    ] as const);
    switch (kind) {
      case 'here': {
        const parts = Array.from({ length: this.#random.pick([1, 2]) }, () =>
          joinWords(this.words(this.#random.pick([1, 1, 2])), 'camel'),
        );
        return `./${parts.join('/')}`;
      }
      case 'up':
        return `../${this.word()}/${this.word()}`;
      case 'scope':
        return `@${this.word()}/${this.word()}`;
      case 'bare':
        return `${this.word()}-${this.word()}`;
    }
  }

  #usualStyle(language: Language): Style {
    if (language === 'python' && this.#random.chance(0.7)) return 'snake';
    return this.#random.weighted([
      ['camel', 78],
      ['snake', 12],
      ['constant', 10],
    ] as const);
  }

  #pathWord(): string {
    for (;;) {
      const word = this.word();
      if (!unusualInPaths.has(word)) return word;
    }
  }

  #remember(shape: Shape): string {
    const name = joinWords(shape.words, shape.style);
    this.#shapes.set(name, shape);
    return name;
  }

  /** Draws until the identifier is new. */
  #freshName(draw: () => string): string {
    return this.#fresh(() => {
      const name = draw();
      return keywords.has(name) || this.#taken.has(normaliseName(name)) ? null : name;
    });
  }

  /**
   * Draws until the path and its last part are new, because a module is also known by its last
   * part.
   */
  #freshPath(draw: () => string): string {
    const path = this.#fresh(() => {
      const candidate = draw();
      return this.#used.has(lastPart(candidate)) ? null : candidate;
    });
    this.#taken.add(lastPart(path));
    return path;
  }

  #fresh(draw: () => string | null): string {
    for (let attempt = 0; attempt < 500; attempt++) {
      const name = draw();
      if (name === null || this.#used.has(normaliseName(name))) continue;
      this.#used.add(normaliseName(name));
      return name;
    }
    throw new Error('No unused name is left: the repository is too large for the word list.');
  }
}

function lastPart(path: string): string {
  const file = path.split('/').at(-1) ?? path;
  return normaliseName(file.replace(/\.(tsx?|js|py)$/, ''));
}
