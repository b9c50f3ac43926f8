import type { Asked, Continued } from './items.ts';
import type { Names } from './names.ts';
import type { Random } from './random.ts';

/** Code to add to one file. */
interface Part {
  readonly code: string;
}

type Without<T> = Omit<T, 'path' | 'line'>;

/** An item and the code that states its answer; each part goes into a different file. */
export interface Plant {
  readonly item: Without<Asked> | Without<Continued>;
  /** The first part contains the item's answer. */
  readonly parts: readonly Part[];
  /** Text that identifies the answer's line. */
  readonly marker: string;
}

/**
 * Draws the code that a benchmark hides in a repository besides the facts of {@link Facts}. Needles
 * have the shapes of RULER (Hsieh et al., arXiv 2404.06654) expressed in code. The function to copy
 * follows RepoQA (Liu et al., arXiv 2406.06025), which identifies it by a description; here its
 * signature does, so that a model without chat training can be asked.
 */
export class Plants {
  readonly #random: Random;
  readonly #names: Names;
  readonly #number: () => string;

  /** @param numbers in other text of the repository; no value drawn here equals one of them. */
  constructor(random: Random, names: Names, numbers: ReadonlySet<string>) {
    this.#random = random;
    this.#names = names;
    this.#number = () => {
      for (;;) {
        const number = names.number();
        if (!numbers.has(number)) return number;
      }
    };
  }

  /** One name with one value. */
  single(): Plant {
    const key = this.#names.identifier('typescript');
    const value = this.#number();
    return this.#needle('single', key, [value], [assign(key, value)]);
  }

  /** Adds four more names that differ in one word from the one asked about. */
  multiKey(): Plant {
    const key = this.#names.identifier('typescript');
    const value = this.#number();
    const near = Array.from({ length: 4 }, () => assign(this.#names.similar(key), this.#number()));
    return this.#needle('multi-key', key, [value], [assign(key, value), ...near]);
  }

  /** One name that three files set. */
  multiValue(): Plant {
    const key = this.#names.identifier('typescript');
    const values = Array.from({ length: 3 }, () => this.#number());
    const codes = values.map((value) => assign(key, value));
    return this.#needle('multi-value', key, values, codes, `What are all the values of ${key}?`);
  }

  /** A name set to a name that is set to a name with the value. */
  tracking(): Plant {
    const value = this.#number();
    const [first, second, third] = [0, 1, 2].map(() => this.#names.identifier('typescript'));
    if (first === undefined || second === undefined || third === undefined) throw new RangeError();
    const parts = [assign(first, value), assign(second, first), assign(third, second)];
    return this.#needle('tracking', third, [value], parts);
  }

  /** One alias: a kind of question outside the headline. */
  alias(): Plant {
    const value = this.#number();
    const target = this.#names.identifier('typescript');
    const key = this.#names.identifier('typescript');
    const parts = [assign(target, value), assign(key, target)];
    return this.#extra('alias', `What is the value of ${key}?`, value, parts);
  }

  caller(): Plant {
    const called = this.#names.identifier('typescript');
    const caller = this.#names.identifier('typescript');
    const code = `function ${caller}(input) {\n  return ${called}(input);\n}`;
    return this.#extra('caller', `Which function calls ${called}?`, caller, [code]);
  }

  definition(): Plant {
    const code = assign(this.#names.identifier('typescript'), this.#number());
    const key = code.split(' ')[2] ?? '';
    return this.#extra('definition', `Quote the line that defines ${key}.`, code, [code]);
  }

  /** A call whose arguments have the parameter names of the function's declaration. */
  call(heldOutPath: string): Plant {
    const key = this.#names.identifier('typescript');
    const parameters = Array.from({ length: 3 }, () => this.#names.parameter('typescript'));
    const head = `export function ${key}({ ${parameters.join(', ')} }) {`;
    const result = this.#names.identifier('typescript');
    return {
      item: {
        task: 'loss',
        kind: 'call',
        heldOutPath,
        prefix: `const ${result} = ${key}({`,
        expected: ` ${parameters.join(', ')} });\n`,
      },
      parts: [{ code: `${head}\n  return ${parameters[0] ?? ''};\n}` }],
      marker: head,
    };
  }

  /** A short function whose names and numbers occur nowhere else. */
  body(heldOutPath: string): Plant {
    const name = (): string => this.#names.identifier('typescript', 'camel');
    const [key, a, b, part, limit] = [name(), name(), name(), name(), name()];
    const head = `export function ${key}(${a}, ${b}) {\n`;
    const lines = [
      `const ${part} = ${a}.${name()}(${b}, ${this.#number()});`,
      `let ${limit} = ${this.#random.pick(['Math.max', 'Math.min'])}(${part}, ${this.#number()});`,
      `if (${b}.${name()} > ${limit}) return ${part};`,
      `${limit} ${this.#random.pick(['+=', '-=', '*='])} ${this.#number()};`,
      `return ${a}.${name()}(${limit});`,
    ];
    const expected = lines.map((line) => `  ${line}\n`).join('') + '}\n';
    return {
      item: { task: 'copy', kind: 'function', heldOutPath, prefix: head, expected },
      parts: [{ code: `${head}${expected}`.trimEnd() }],
      marker: head.trimEnd(),
    };
  }

  #needle(
    kind: string,
    key: string,
    answers: string[],
    codes: string[],
    question = `What is the value of ${key}?`,
  ): Plant {
    return {
      item: { task: 'needle', kind, question, answers, headline: true },
      parts: codes.map((code) => ({ code })),
      marker: codes[0] ?? '',
    };
  }

  #extra(kind: string, question: string, answer: string, codes: string[]): Plant {
    return {
      item: { task: 'recall', kind, question, answers: [answer], headline: false },
      parts: codes.map((code) => ({ code })),
      marker: codes[0]?.split('\n')[0] ?? '',
    };
  }
}

function assign(name: string, value: string): string {
  return `export const ${name} = ${value};`;
}
