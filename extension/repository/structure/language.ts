import type { Lexis } from './lexis.ts';
import type { UnitClass } from './unit-class.ts';

/**
 * What a line stands in: the text itself (or a namespace), a type, the members of a value, the
 * body of a function, or anything else.
 */
export type Scope = 'top' | 'type' | 'data' | 'function' | 'block';

/** How a unit's first line looks. Patterns see its code from its first character, cut short. */
export interface Rule {
  /** Anchored, and linear in what it reads: the text is anyone's. */
  readonly pattern: RegExp;
  readonly unit: UnitClass;
  /** Where it holds; everywhere by default. */
  readonly scopes?: readonly Scope[];
  /** What the brackets that it opens hold; by default what goes with its class. */
  readonly opens?: Scope;
  /** Its unit never goes over several lines. */
  readonly oneLine?: boolean;
}

/** How one language is written. */
export interface Language {
  readonly lexis: Lexis;
  /** What nests: brackets, or indentation. */
  readonly nesting: 'brackets' | 'indentation';
  /** The first that matches counts. */
  readonly rules: readonly Rule[];
  /** Lines that belong to the declaration below them: decorators, attributes, templates. */
  readonly prefix?: RegExp;
  /** Lines whose blocks are as what they stand in: `if`, `try`. Only with indentation. */
  readonly transparent?: RegExp;
}

/** Where declarations are members of something that others see. */
export const open: readonly Scope[] = ['top', 'type'];
export const inType: readonly Scope[] = ['type'];
export const inData: readonly Scope[] = ['data'];

/** What begins a literal: a number, a string, a name for nothing or for a truth value. */
const literal = String.raw`(?:[-+]?\.?\d|[rbfuRBFU@$]{0,2}["'\`]|(?:true|false|null|nil|None|True|False|undefined|nullptr|NULL|YES|NO)\b)`;

/** A rule's pattern: anchored, `LITERAL` for what begins a literal. */
export function line(pattern: string, flags = ''): RegExp {
  return new RegExp(`^(?:${pattern.replaceAll('LITERAL', literal)})`, flags);
}

/** Any of these words, each followed by space, any number of times. */
export function anyOf(words: string): string {
  return `(?:(?:${words.trim().split(/\s+/).join('|')})\\s+)*`;
}

/** One of these words. */
export function oneOf(words: string): string {
  return `(?:${words.trim().split(/\s+/).join('|')})\\b`;
}

/** Nothing but a literal is returned. */
export const literalReturnPattern: RegExp = line(
  String.raw`return\s+(?:[-+]?\.?[\d][\w.]*|"[^"]*"|'[^']*'|\`[^\`$]*\`|true|false|null|nil|None|True|False)\s*;?$`,
);
