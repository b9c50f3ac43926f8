/** Checks that code states a model's answer, so that a small model's inventions are not shown. */

import type { FormedQuestion } from './question-forms.ts';

/** Longer lines are data. */
const longestLine = 400;

const literal =
  /"(?<double>[^"\\]*)"|'(?<single>[^'\\]*)'|`(?<back>[^`\\$]*)`|(?<number>-?\d[\w.]*)/u;

/**
 * Finds the line that states the whole answer to a question: the first literal after the name, or
 * the module of a line that imports the name.
 * @param lines consecutive lines of a file.
 * @returns the index of that line, or null.
 */
export function statedAt(
  { form, name }: Pick<FormedQuestion, 'form' | 'name'>,
  answer: string,
  lines: readonly string[],
): number | null {
  for (const [index, line] of lines.entries()) {
    if (line.length > longestLine) continue;
    const stated =
      form === 'import'
        ? moduleOf(line, name)
        : form === 'value'
          ? valueOf(line, lines[index + 1] ?? '', name)
          : null;
    if (stated !== null && stated === answer) return index;
  }
  return null;
}

/** The value that a line assigns to a name, without quotes; a long line may continue on `next`. */
function valueOf(line: string, next: string, name: string): string | null {
  const end = endOf(line, name);
  if (end === null) return null;
  const rest = line.slice(end).replace(/^["'`]/u, '');
  // An assignment, with or without a type, or a member of an object.
  const given =
    /^(?:\??\s*:[^=,'"`]*)?\s*=(?!=)\s*(?<value>.*)$/su.exec(rest) ??
    /^\??\s*:(?!:)\s*(?<value>.*)$/su.exec(rest);
  const value = given?.groups?.['value'] ?? defined(line, end);
  if (value === null) return null;
  return literalOf(value.trim() === '' ? next.trim() : value.trim());
}

/** The replacement text of `#define NAME`. */
function defined(line: string, end: number): string | null {
  return /^\s*#\s*define\s/u.test(line) ? line.slice(end) : null;
}

/** The contents of the literal that a text begins with. */
function literalOf(text: string): string | null {
  const found = literal.exec(text);
  if (found?.index !== 0) return null;
  const { double, single, back, number } = found.groups ?? {};
  return double ?? single ?? back ?? number ?? null;
}

/** The module that a line imports a name from. */
function moduleOf(line: string, name: string): string | null {
  if (endOf(line, name) === null) return null;
  const script = /\bfrom\s+["'](?<module>[^"']+)["']|\brequire\(\s*["'](?<required>[^"']+)["']/u;
  const groups = script.exec(line)?.groups;
  const module = groups?.['module'] ?? groups?.['required'];
  if (module !== undefined) return module;
  return /^\s*from\s+(?<module>[\w.]+)\s+import\b/u.exec(line)?.groups?.['module'] ?? null;
}

/** The index after a name that occurs on a line as a whole word, or null. */
function endOf(line: string, name: string): number | null {
  const letter = /[\p{L}\p{N}_$]/u;
  for (let at = line.indexOf(name); at !== -1; at = line.indexOf(name, at + 1)) {
    const end = at + name.length;
    if (!letter.test(line.charAt(at - 1)) && !letter.test(line.charAt(end))) return end;
  }
  return null;
}
