import type { CodeLines } from './code-lines.ts';
import { headEnd } from './heads.ts';
import { type Language, literalReturnPattern, type Rule, type Scope } from './language.ts';
import { scanLines } from './lexer.ts';
import { type LineUnits, type UnitClass, unitClass } from './unit-class.ts';

/** The characters of a line that rules see, so that minified lines take no longer than others. */
const seen = 240;
/** The most lines between a short function's head and the literal that it returns. */
const shortFunction = 8;
/** The most decorator lines above one declaration. */
const maxPrefixes = 4;
const tabWidth = 8;
/** Deeper indentation is clamped to this; contents of brackets are nested deeper still. */
const maxColumns = 1000;

const opened: Readonly<Record<UnitClass, Scope>> = {
  [unitClass.none]: 'block',
  [unitClass.pathHeader]: 'block',
  [unitClass.import]: 'block',
  [unitClass.signature]: 'function',
  [unitClass.type]: 'type',
  [unitClass.value]: 'data',
  [unitClass.literalReturn]: 'block',
};

/** A line that can contain others. */
interface Opener {
  readonly level: number;
  readonly scope: Scope;
  readonly line: number;
}

/**
 * Finds the units of source code without a parser: a lexer separates code from the rest and
 * measures its nesting, and a table of patterns per language classifies each line. A line lies in
 * the last line above it that is nested less deeply.
 */
export function codeUnits(text: string, language: Language): LineUnits {
  return new Units(scanLines(text, language.lexis), language).find();
}

class Units {
  readonly #lines: CodeLines;
  readonly #language: Language;
  readonly #openers: Opener[] = [];
  #last: Opener | null = null;

  constructor(lines: CodeLines, language: Language) {
    this.#lines = lines;
    this.#language = language;
  }

  find(): LineUnits {
    const { count } = this.#lines;
    const units = new Int32Array(count);
    const classes = new Uint8Array(count);
    let unit = 0;
    for (let line = 0; line < count; unit++) {
      const end = this.#head(line, classes);
      classes.fill(classes[line] ?? 0, line, end + 1);
      units.fill(unit, line, end + 1);
      line = end + 1;
    }
    return { units, classes };
  }

  /** Reads one unit: writes the class of its first line and returns its last line. */
  #head(first: number, classes: Uint8Array): number {
    const lines = this.#lines;
    if (!lines.hasCode(first) || lines.inside[first] === 1) return first;
    const level = this.#level(first);
    // A brace on its own line opens the scope of the head above it.
    if (this.#last?.level === level && lines.code(first, seen) === '{') return first;
    const scope = this.#scope(level);
    const line = this.#skipPrefixes(first, level);
    const code = lines.code(line, seen);
    const rule = this.#rule(code, scope);
    const unit = rule?.unit ?? this.#returns(code, scope, line);
    if (unit === unitClass.none && line > first) {
      return first;
    }
    const end = rule?.oneLine === true ? line : headEnd(lines, line, unit, this.#language);
    const inner = rule?.opens ?? this.#opens(unit, code, scope, end);
    this.#last = { level, scope: inner, line };
    classes[first] = unit;
    return end;
  }

  #opens(unit: UnitClass, code: string, scope: Scope, end: number): Scope {
    if (unit === unitClass.value) {
      return /(?:=>|\)|\bdo)\s*\{?$/.test(this.#lines.codeEnd(end, 8)) ? 'function' : 'data';
    }
    const outside = scope === 'top' || scope === 'type';
    return unit === unitClass.none && outside && this.#language.transparent?.test(code) === true
      ? scope
      : opened[unit];
  }

  /** A line's nesting depth: in brackets, or in columns with brackets nested deeper still. */
  #level(line: number): number {
    const { text, first, depth, level } = this.#lines;
    if (this.#language.nesting === 'brackets') return level[line] ?? 0;
    if ((depth[line] ?? 0) > 0) return maxColumns + (level[line] ?? 0);
    const from = first[line] ?? 0;
    let start = from;
    while (start > 0 && text.charCodeAt(start - 1) !== 0x0a) start--;
    let column = 0;
    for (let at = start; at < from && column < maxColumns; at++) {
      column = text.charCodeAt(at) === 0x09 ? column + tabWidth - (column % tabWidth) : column + 1;
    }
    return column;
  }

  #scope(level: number): Scope {
    const openers = this.#openers;
    if (this.#last !== null && this.#last.level < level) openers.push(this.#last);
    this.#last = null;
    while ((openers.at(-1)?.level ?? -1) >= level) openers.pop();
    return openers.at(-1)?.scope ?? 'top';
  }

  #skipPrefixes(first: number, level: number): number {
    const lines = this.#lines;
    const { prefix } = this.#language;
    let line = first;
    while (
      prefix !== undefined &&
      line < first + maxPrefixes &&
      line + 1 < lines.count &&
      lines.hasCode(line + 1) &&
      lines.inside[line + 1] === 0 &&
      (lines.depth[line + 1] ?? 0) === (lines.depth[first] ?? 0) &&
      prefix.test(lines.code(line, seen)) &&
      this.#level(line + 1) === level
    ) {
      line++;
    }
    return line;
  }

  #rule(code: string, scope: Scope): Rule | undefined {
    return this.#language.rules.find(
      ({ pattern, scopes }) => scopes?.includes(scope) !== false && pattern.test(code),
    );
  }

  #returns(code: string, scope: Scope, line: number): UnitClass {
    const head = this.#openers.at(-1)?.line ?? -Infinity;
    return scope === 'function' && line - head <= shortFunction && literalReturnPattern.test(code)
      ? unitClass.literalReturn
      : unitClass.none;
  }
}
