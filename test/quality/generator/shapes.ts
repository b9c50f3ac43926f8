import type { Language, Names } from './names.ts';
import { joinWords } from './names.ts';
import type { Random } from './random.ts';

/** A name and the source text of its value. */
export interface Assignment {
  readonly name: string;
  readonly value: string;
}

/**
 * Writes the code around a name and its value, in the shapes that the bundled model was trained on
 * (`test/tools/training/shapes.py`): change both together.
 */
export class Shapes {
  readonly #random: Random;
  readonly #names: Names;

  constructor(random: Random, names: Names) {
    this.#random = random;
    this.#names = names;
  }

  /** Writes a text as a string literal. */
  quote(text: string): string {
    return this.#random.chance(0.25) ? `'${text}'` : `"${text}"`;
  }

  assignment(language: Language, { name, value }: Assignment): string {
    if (language === 'python') {
      const type = isNumber(value) ? 'int' : 'str';
      return this.#pick(`${name} = ${value}`, `${name} = ${value}`, `${name}: ${type} = ${value}`);
    }
    return this.#pick(
      `const ${name} = ${value};`,
      `const ${name} = ${value};`,
      `export const ${name} = ${value};`,
      `export const ${name} = ${value};`,
      `let ${name} = ${value};`,
      `var ${name} = ${value};`,
      `export const ${name}: ${typeOf(value)} = ${value};`,
      `export let ${name} = ${value};`,
    );
  }

  /** Writes several names and values as members of one object, enumeration or class. */
  group(language: Language, members: readonly Assignment[]): string {
    const name = this.#names.identifier(language);
    const capitalised = name.charAt(0).toUpperCase() + name.slice(1);
    if (language === 'python') {
      return this.#random.chance(0.5)
        ? block(
            `${name} = {`,
            members.map((m) => `    "${m.name}": ${m.value},`),
            '}',
          )
        : block(
            `class ${capitalised}:`,
            members.map((m) => `    ${m.name} = ${m.value}`),
          );
    }
    const kind = this.#random.weighted([
      ['object', 60],
      ['enum', 17],
      ['class', 23],
    ] as const);
    switch (kind) {
      case 'object':
        return block(
          this.#pick(`const ${name} = {`, `export const ${name} = {`),
          members.map((m) => `  ${m.name}: ${m.value},`),
          '};',
        );
      case 'enum':
        return block(
          `enum ${capitalised} {`,
          members.map((m) => `  ${m.name} = ${m.value},`),
          '}',
        );
      case 'class':
        return block(
          `class ${capitalised} {`,
          members.map((m) => `  ${this.#pick('', 'static ', 'private ')}${m.name} = ${m.value};`),
          '}',
        );
    }
  }

  /** Writes a function that returns a literal. */
  returning(language: Language, { name, value }: Assignment): string {
    const a = this.#argument();
    if (language === 'python') {
      return block(this.#pick(`def ${name}():`, `def ${name}(${a}):`), [`    return ${value}`]);
    }
    return this.#pick(
      block(`function ${name}() {`, [`  return ${value};`], '}'),
      block(`export function ${name}(${a}) {`, [`  return ${value};`], '}'),
      `const ${name} = () => ${value};`,
      `export const ${name} = (${a}) => ${value};`,
      block(`async function ${name}() {`, [`  return ${value};`], '}'),
    );
  }

  /** Writes a function with a default value for the parameter `p`. */
  withDefault(language: Language, name: string, { name: p, value }: Assignment): string {
    const drawn = this.#argument();
    const a = drawn === p ? 'arg' : drawn;
    const body = this.#pick(
      `return ${a} + ${p}`,
      `return ${a}`,
      `return ${p}`,
      `return [${a}, ${p}]`,
      `return use(${p})`,
    );
    if (language === 'python') {
      return this.#pick(
        block(`def ${name}(${a}, ${p}=${value}):`, [`    ${body}`]),
        block(`def ${name}(${p}=${value}):`, [`    return ${p}`]),
      );
    }
    return this.#pick(
      block(`function ${name}(${a}, ${p} = ${value}) {`, [`  ${body};`], '}'),
      block(`export function ${name}(${a}, ${p} = ${value}) {`, [`  ${body};`], '}'),
      block(`const ${name} = (${a}, ${p} = ${value}) => {`, [`  ${body};`], '};'),
      block(`function ${name}(${p} = ${value}) {`, [`  return ${p};`], '}'),
      block(
        `export function ${name}(${a}: string, ${p}: ${typeOf(value)} = ${value}) {`,
        [`  ${body};`],
        '}',
      ),
    );
  }

  importing(language: Language, name: string, module: string): string {
    if (language === 'python') return `from ${module} import ${name}`;
    return this.#pick(
      `import { ${name} } from "${module}";`,
      `import { ${name} } from "${module}";`,
      `import { ${name} } from '${module}';`,
      `import ${name} from "${module}";`,
      `const { ${name} } = require("${module}");`,
      `const ${name} = require("${module}");`,
    );
  }

  classOrType(language: Language, name: string): string {
    const [a, body] = this.#argumentAndBody();
    if (language === 'python') {
      return block(`class ${name}:`, [`    def __init__(self, ${a}):`, `        self.${a} = ${a}`]);
    }
    return this.#pick(
      block(
        `export class ${name} {`,
        [`  constructor(${a}) {`, `    this.${a} = ${a};`, '  }'],
        '}',
      ),
      block(`class ${name} {`, ['  run() {', `    ${body};`, '  }'], '}'),
      block(`export interface ${name} {`, [`  ${a}: string;`], '}'),
      `export class ${name} extends Base {}`,
      `export type ${name} = string | null;`,
    );
  }

  plainFunction(language: Language, name: string): string {
    const [a, body] = this.#argumentAndBody();
    if (language === 'python') return block(`def ${name}(${a}):`, [`    return ${a}`]);
    return this.#pick(
      block(`function ${name}(${a}) {`, [`  ${body};`], '}'),
      block(`export function ${name}(${a}) {`, [`  ${body};`], '}'),
      block(`export async function ${name}(${a}) {`, [`  ${body};`], '}'),
      block(`const ${name} = (${a}) => {`, [`  ${body};`], '};'),
    );
  }

  /** Draws a repository name of two words. */
  repositoryName(): string {
    return joinWords(this.#names.words(2), 'snake').replace('_', '-');
  }

  #argumentAndBody(): [argument: string, body: string] {
    const a = this.#argument();
    return [
      a,
      this.#pick(`return ${a}`, `return ${a}.length`, `return !${a}`, `throw new Error(${a})`),
    ];
  }

  #argument(): string {
    const names = 'a b x y n value input data item key name opts args id';
    return this.#random.pick(names.split(' '));
  }

  #pick(...texts: string[]): string {
    return this.#random.pick(texts);
  }
}

function block(head: string, body: readonly string[], tail?: string): string {
  return [head, ...body, ...(tail === undefined ? [] : [tail])].join('\n');
}

function isNumber(value: string): boolean {
  return /^\d/.test(value);
}

function typeOf(value: string): string {
  return isNumber(value) ? 'number' : 'string';
}
