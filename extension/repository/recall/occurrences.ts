/** What a line does with a name on it. */
export type OccurrenceKind = 'definition' | 'import' | 'use';

export interface Occurrence {
  readonly name: string;
  readonly kind: OccurrenceKind;
}

const names = /[\p{L}_$][\p{L}\p{M}\p{N}_$]*|\d{2,}/gu;
const importLine =
  /^\s*(?:import\b|from\s+\S+\s+import\b|export\s+(?:\*|(?:type\s+)?\{[^}]*\})\s*(?:as\s+\w+\s*)?from\b|#\s*include\b|(?:pub\s+)?use\s|using\s)|\brequire\s*\(\s*['"]/;
const openPythonImport = /^\s*from\s+\S+\s+import\s*\([^)]*$/;
const declarators = new Set(
  `const let var val function class interface type enum def fn func fun struct trait union protocol
   module namespace object record define mod macro`.split(/\s+/),
);
/** Words that may stand before a member's name. */
const modifiers = new Set(
  `export default declare async static public private protected readonly final abstract override get
   set internal virtual inline extern unsafe pub mut self this const let var val`.split(/\s+/),
);
const statements = new Set(
  `if for while switch catch return new await yield throw case else typeof in of delete do with
   function default not and or print assert raise elif except lambda`.split(/\s+/),
);
const functionLine = /\b(?:function|def|fn|func|fun)\b|=>|^\s*(?:async\s+)?[\w$]+\s*\([^)]*\)\s*\{/;

/** What stands further from a name does not tell what it is: a long line costs as many short ones. */
const sight = 256;

/** Whether a line opens a list of imported names that goes on below. */
function opensImport(line: string): boolean {
  if (openPythonImport.test(line)) return true;
  const brace = line.lastIndexOf('{');
  if (brace === -1 || !/^\s*import\b/.test(line)) return false;
  return !/['"]/.test(line.slice(0, brace)) && !line.includes('}', brace);
}

/** The facts about a line that each of its names needs. */
interface LineShape {
  readonly text: string;
  readonly isFunction: boolean;
  readonly opensBody: boolean;
  readonly endsHead: boolean;
}

function shapeOf(line: string): LineShape {
  const end = line.trimEnd();
  return {
    text: line,
    isFunction: functionLine.test(line),
    opensBody: end.endsWith('{'),
    endsHead: /[{:)]$/.test(end.slice(-1)),
  };
}

/** Says which names stand on the lines of one file, in order, and what for. */
export class OccurrenceScanner {
  /** Within a list of imported names that goes over several lines. */
  #inImport = false;

  /** The names of the next line, each in its composed form. */
  scan(written: string): Occurrence[] {
    const line = written.normalize('NFC');
    const continues = this.#inImport;
    if (continues ? /[)}]/.test(line) : opensImport(line)) {
      this.#inImport = !continues;
    }
    const isImport = continues || importLine.test(line);
    const found: Occurrence[] = [];
    const shape = shapeOf(line);
    let previous = '';
    let previousEnd = 0;
    for (const match of line.matchAll(names)) {
      const name = match[0];
      const end = match.index + name.length;
      const kind: OccurrenceKind = isImport
        ? 'import'
        : isDefinition(shape, match.index, end, previous, line.slice(previousEnd, match.index))
          ? 'definition'
          : 'use';
      found.push({ name, kind });
      previous = name;
      previousEnd = end;
    }
    return found;
  }
}

/**
 * @param previous the name before this one, '' for the first
 * @param gap what stands between them
 */
function isDefinition(
  shape: LineShape,
  start: number,
  end: number,
  previous: string,
  gap: string,
): boolean {
  const line = shape.text;
  if (gap.length > sight) {
    return false;
  }
  if (declarators.has(previous) && /^\s*\*?\s+$|^\s+\*?$/.test(gap)) {
    return true;
  }
  const name = line.slice(start, end);
  if (/^\d/.test(name) || statements.has(name) || declarators.has(name)) {
    return false;
  }
  const nearStart = start <= sight;
  const before = line.slice(Math.max(0, start - sight), start);
  const after = line.slice(end, end + sight);
  const leads = nearStart && onlyModifiers(before);
  if (/^['"]?\s*=(?![=>])/.test(after) || /^['"]?\??\s*:(?![:=])/.test(after)) {
    // In a parameter list it is the parameter that the line defines.
    return leads || (/[(,]\s*$/.test(before) && shape.isFunction);
  }
  if (/^\s*(?:<[^>]*>)?\(/.test(after) && shape.endsHead) {
    const method = leads && before !== '' && shape.opensBody;
    const typed = /^\s+[*&]?$/.test(gap) && !statements.has(previous) && !/^\s/.test(line);
    const receiver = nearStart && /^func\s*\([^)]*\)\s*$/.test(before);
    return method || (typed && previous !== '') || receiver;
  }
  return false;
}

/** Whether what stands before a name leaves it the first of its statement or member. */
function onlyModifiers(before: string): boolean {
  const text = before.trim().replace(/['"]$/, '');
  return (
    text === '' || text.split(/[\s.*#{,-]+/).every((word) => word === '' || modifiers.has(word))
  );
}
