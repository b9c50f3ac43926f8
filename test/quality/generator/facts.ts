import type { Language, Names } from './names.ts';
import type { Random } from './random.ts';
import type { Assignment, Shapes } from './shapes.ts';

/** The kinds of question that the bundled model knows. */
export const questionKinds = ['const', 'str', 'import', 'default', 'file', 'returns'] as const;
export type QuestionKind = (typeof questionKinds)[number];

/** A fact in a file: the code that states it, and a question about it. */
export interface Fact {
  readonly kind: QuestionKind;
  readonly question: string;
  readonly answer: string;
  /** The name that the question is about; it occurs once in the repository. */
  readonly key: string;
  /** Complete lines, or a pair that can stand alone or be a member of a group. */
  readonly code: string | Assignment;
}

/** The file that states a fact. */
export interface Place {
  readonly path: string;
  readonly language: Language;
}

/**
 * Draws facts. The questions use the phrasings that the bundled model was trained on
 * (`test/tools/training/facts.py`): change both together.
 */
export class Facts {
  readonly #random: Random;
  readonly #names: Names;
  readonly #shapes: Shapes;

  constructor(random: Random, names: Names, shapes: Shapes) {
    this.#random = random;
    this.#names = names;
    this.#shapes = shapes;
  }

  /** @param near the key of another fact that the new key should resemble. */
  draw(kind: QuestionKind, place: Place, near?: string): Fact {
    const { language } = place;
    const key = near === undefined ? this.#key(kind, language) : this.#names.similar(near);
    switch (kind) {
      case 'const': {
        const value = this.#names.number();
        const question = this.#ask([
          ...times(4, `What is the value of ${key}?`),
          `What value does ${key} have?`,
          `What is ${key} set to?`,
          `Value of ${key}?`,
          `Tell me the value of ${key}.`,
          `What number is ${key}?`,
        ]);
        return { kind, key, question, answer: value, code: { name: key, value } };
      }
      case 'str': {
        const text = this.#names.text();
        const question = this.#ask([
          ...times(2, `What is the value of ${key}?`),
          `What string is ${key} set to?`,
          `What is ${key} set to?`,
          `What is the string value of ${key}?`,
          `Value of ${key}?`,
          `What is the config value of ${key}?`,
        ]);
        const code = { name: key, value: this.#shapes.quote(text) };
        return { kind, key, question, answer: text, code };
      }
      case 'import': {
        const module = this.#names.modulePath(language);
        const question = this.#ask([
          ...times(3, `Which module is ${key} imported from?`),
          `Where is ${key} imported from?`,
          `From which module is ${key} imported?`,
          `What module does ${key} come from?`,
        ]);
        const code = this.#shapes.importing(language, key, module);
        return { kind, key, question, answer: module, code };
      }
      case 'default': {
        const parameter = this.#names.parameter(language);
        const { answer, value } = this.#literal(0.2);
        const question = this.#ask([
          ...times(3, `What is the default value of ${parameter} in ${key}?`),
          `What is the default ${parameter} of ${key}?`,
          `In ${key}, what does ${parameter} default to?`,
          `What does ${parameter} default to in ${key}?`,
        ]);
        const code = this.#shapes.withDefault(language, key, { name: parameter, value });
        return { kind, key, question, answer, code };
      }
      case 'returns': {
        const { answer, value } = this.#literal(0.25);
        const question = this.#ask([
          ...times(3, `What does ${key} return?`),
          `What value does ${key} return?`,
          `What is returned by ${key}?`,
          `What does the function ${key} return?`,
        ]);
        const code = this.#shapes.returning(language, { name: key, value });
        return { kind, key, question, answer, code };
      }
      case 'file':
        return this.#definition(key, place);
    }
  }

  /** Makes a question about the same code that asks for its file. */
  askForFile(fact: Fact, place: Place): Fact {
    const { key } = fact;
    const question = this.#ask([
      `Which file defines ${key}?`,
      `In which file is ${key} defined?`,
      `Where is ${key} defined?`,
    ]);
    return { ...fact, kind: 'file', question, answer: place.path };
  }

  #definition(key: string, { path, language }: Place): Fact {
    const isClass = /^[A-Z]/.test(key) && key !== key.toUpperCase();
    const named = this.#ask([...times(3, key), `${isClass ? 'class' : 'function'} ${key}`]);
    const question = this.#ask([
      ...times(3, `Which file defines ${named}?`),
      `In which file is ${named} defined?`,
      `Where is ${named} defined?`,
      `What file contains ${named}?`,
    ]);
    const code = isClass
      ? this.#shapes.classOrType(language, key)
      : this.#shapes.plainFunction(language, key);
    return { kind: 'file', key, question, answer: path, code };
  }

  #key(kind: QuestionKind, language: Language): string {
    const pascalShare = { import: 0.4, file: 0.5, const: 0, str: 0, default: 0, returns: 0 }[kind];
    const pascal = this.#random.chance(pascalShare);
    return pascal ? this.#names.identifier(language, 'pascal') : this.#names.identifier(language);
  }

  #literal(textShare: number): { answer: string; value: string } {
    const text = this.#random.chance(textShare);
    const answer = text ? this.#names.text() : this.#names.number();
    return { answer, value: text ? this.#shapes.quote(answer) : answer };
  }

  #ask(phrasings: readonly string[]): string {
    return this.#random.pick(phrasings);
  }
}

function times(count: number, text: string): string[] {
  return Array.from({ length: count }, () => text);
}
