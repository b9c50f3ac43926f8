import type { Lexis } from './lexis.ts';
import type { UnitClass } from './unit-class.ts';

/**
 * What a line lies in: the text itself (or a namespace), a type, the members of a value, the body
 * of a function, or anything else.
 */
export type Scope = 'top' | 'type' | 'data' | 'function' | 'block';

/** Describes a unit's first line. Patterns see the start of its code, cut to a fixed length. */
export interface Rule {
  /** Anchored and linear in the input, because the text is untrusted. */
  readonly pattern: RegExp;
  readonly unit: UnitClass;
  /** The scopes that it applies in; all by default. */
  readonly scopes?: readonly Scope[];
  /** The scope within the brackets that it opens; by default that of its unit's class. */
  readonly opens?: Scope;
  /** The unit never spans several lines. */
  readonly oneLine?: boolean;
}

/** The syntax of one language. */
export interface Language {
  readonly lexis: Lexis;
  /** What expresses nesting: brackets or indentation. */
  readonly nesting: 'brackets' | 'indentation';
  /** The first rule that matches applies. */
  readonly rules: readonly Rule[];
  /** Lines that belong to the declaration below them: decorators, attributes, templates. */
  readonly prefix?: RegExp;
  /** Lines whose blocks keep the enclosing scope: `if`, `try`. Only with indentation. */
  readonly transparent?: RegExp;
}

/** The scopes whose declarations are visible from outside. */
export const open: readonly Scope[] = ['top', 'type'];
export const inType: readonly Scope[] = ['type'];
export const inData: readonly Scope[] = ['data'];

/** The start of a literal: a number, a string, a null or a boolean. */
const literal = String.raw`(?:[-+]?\.?\d|[rbfuRBFU@$]{0,2}["'\`]|(?:true|false|null|nil|None|True|False|undefined|nullptr|NULL|YES|NO)\b)`;

/** Builds a rule's pattern: anchored; `LITERAL` stands for the start of a literal. */
export function line(pattern: string, flags = ''): RegExp {
  return new RegExp(`^(?:${pattern.replaceAll('LITERAL', literal)})`, flags);
}

/** Matches any number of these words, each followed by space. */
export function anyOf(words: string): string {
  return `(?:(?:${words.trim().split(/\s+/).join('|')})\\s+)*`;
}

/** Matches one of these words. */
export function oneOf(words: string): string {
  return `(?:${words.trim().split(/\s+/).join('|')})\\b`;
}

/** Matches a line that only returns a literal. */
export const literalReturnPattern: RegExp = line(
  String.raw`return\s+(?:[-+]?\.?[\d][\w.]*|"[^"]*"|'[^']*'|\`[^\`$]*\`|true|false|null|nil|None|True|False)\s*;?$`,
);
