import type { CodeLines } from './code-lines.ts';
import type { Language } from './language.ts';
import { type UnitClass, unitClass } from './unit-class.ts';

/**
 * The most lines of a head. If it is not closed within them, it is unterminated, or contents rather
 * than a head: then only its first line counts.
 */
const limits: Readonly<Partial<Record<UnitClass, number>>> = {
  [unitClass.import]: 120,
  [unitClass.signature]: 48,
  [unitClass.type]: 48,
  [unitClass.value]: 12,
};

/** Matches the start of a line that continues the head above it. */
const continuation =
  /^(?:where\b|->|=>|throws\b|extends\b|implements\b|noexcept\b|requires\b|:(?!:)|[|&>])/;

/**
 * The last line of the head that begins on `line`: all brackets are closed, except the one that
 * opens the body.
 */
export function headEnd(
  lines: CodeLines,
  line: number,
  unit: UnitClass,
  { nesting, lexis }: Language,
): number {
  const limit = limits[unit];
  if (limit === undefined) return line;
  const declares = unit === unitClass.signature || unit === unitClass.type;
  const nested = unit === unitClass.import ? lines.depth : lines.round;
  const outside = nested[line] ?? 0;
  let lists = false;
  const last = Math.min(lines.count, line + limit);
  for (let end = line; end < last; end++) {
    if (!lines.hasCode(end)) continue;
    const tail = lines.codeEnd(end, 6);
    if (unit === unitClass.value && /[[{]$/.test(tail)) return end;
    if ((nested[end + 1] ?? 0) > outside || tail.endsWith('\\')) continue;
    // Bodies and ends; in Python a colon, which in other languages precedes a type.
    if (/[{};]$/.test(tail)) return end;
    if (declares && nesting === 'brackets') {
      const next = end + 1 < last ? lines.code(end + 1, 12) : '';
      lists ||= unit === unitClass.type || /^where\b/.test(next);
      const goesOn = continuation.test(next) && !lines.inside[end + 1];
      if (goesOn || /[<=|&]$/.test(tail) || (lists && /(?:,|\bwhere)$/.test(tail))) continue;
    } else if (tail.endsWith('=') && lexis.brackets) {
      continue;
    }
    return end;
  }
  return line;
}
