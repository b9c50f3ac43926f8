/** Where code of an answer goes in a file, by the file's lines alone. */

/** A file with the code in it. */
export interface PlacedCode {
  readonly text: string;
  /** In place of the selection, of the declarations of the same names or of all; or beside what is there. */
  readonly how: 'selection' | 'declarations' | 'file' | 'inserted';
}

/** Offsets in a text, in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Code with at least this share of a file's lines is another version of the file. */
const wholeShare = 0.6;

const declared =
  /^\s*(?:(?:export|default|declare|async|public|private|protected|static|final|abstract|override|pub(?:\([a-z]+\))?|unsafe|inline|const|open|internal|sealed|partial)\s+)*(?:function\*?|class|interface|type|enum|const|let|var|val|def|fn|func|fun|struct|trait|impl|module|namespace|object|record|macro)\s+(?:\([^)]*\)\s*)?(?<name>[\p{L}_$][\p{L}\p{M}\p{N}_$]*)/u;
const importing = /^(?:import\b|from\s+\S+\s+import\b|#\s*include\b|use\s|using\s)/u;
const attached = /^\s*(?:\/\/|\/\*|\*|#(?!\s*include)|@|--|"""|\[\w)/u;

/**
 * Places code in a text: in place of a selection; otherwise of the whole text, if the code has most of
 * its lines; otherwise each declaration of the code takes the place of the one with its name, and what
 * is new goes behind the declaration before it. Code without any of them is inserted at the cursor.
 * @param text of the file, with its own line ends, which the result has too
 * @param selection null: nothing is selected
 * @param cursor where to insert; null: at the end
 */
export function placeCode(
  text: string,
  code: string,
  selection: Span | null,
  cursor: number | null,
): PlacedCode {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = text.split(/\r?\n/u);
  const added = code.replace(/\n$/u, '').split(/\r?\n/u);
  if (selection !== null) return inSelection(text, added, selection, eol);
  if (isWhole(lines, added)) {
    const end = lines.at(-1) === '' ? eol : '';
    return { text: added.join(eol) + end, how: 'file' };
  }
  const placed = inDeclarations(lines, added);
  if (placed !== null) return { text: placed.join(eol), how: 'declarations' };
  const at = cursor ?? text.length;
  const separated = at > 0 && cursor === null && !text.endsWith('\n') ? eol : '';
  const end = cursor === null ? eol : '';
  const inserted = separated + added.join(eol) + end;
  return { text: text.slice(0, at) + inserted + text.slice(at), how: 'inserted' };
}

function inSelection(
  text: string,
  added: readonly string[],
  { start, end }: Span,
  eol: string,
): PlacedCode {
  const chosen = text.slice(start, end);
  const begin = lineStart(text, start);
  const blank = text.slice(begin, start);
  // A selection that begins within the indentation begins with its line.
  const from = blank.trim() === '' ? begin : start;
  const first = chosen.split(/\r?\n/u).find((line) => line.trim() !== '') ?? '';
  const indent = from === start ? indentOf(first) : indentOf(blank + first);
  const shifted = from === start && blank !== '' ? [...added] : reindent(added, indent);
  const closing = /\r?\n$/u.exec(chosen)?.[0] ?? '';
  return {
    text: text.slice(0, from) + shifted.join(eol) + closing + text.slice(end),
    how: 'selection',
  };
}

function isWhole(lines: readonly string[], added: readonly string[]): boolean {
  const all = lines.map((line) => line.trim()).filter((line) => line !== '');
  const there = new Set(added.map((line) => line.trim()));
  const kept = all.filter((line) => there.has(line)).length;
  return (
    all.length > 0 && kept >= wholeShare * all.length && added.length >= wholeShare * all.length
  );
}

/** A declaration of the code with what is attached above it. */
interface Unit {
  readonly name: string;
  readonly lines: readonly string[];
}

/** Lines with each declaration in place of the one with its name; null if there is none of them. */
function inDeclarations(lines: readonly string[], added: readonly string[]): string[] | null {
  const { imports, units } = unitsOf(added);
  const result = [...lines];
  const missing: { readonly unit: Unit; readonly after: string | null }[] = [];
  let before: string | null = null;
  let found = 0;
  for (const unit of units) {
    const place = placeOf(result, unit.name);
    if (place === null) {
      missing.push({ unit, after: before });
    } else {
      found++;
      const indent = indentOf(result[place.declaration] ?? '');
      const hasHead = attached.test(unit.lines[0] ?? '');
      const from = hasHead ? place.from : place.declaration;
      result.splice(from, place.to - from + 1, ...reindent(unit.lines, indent));
    }
    before = unit.name;
  }
  if (found === 0) return null;
  for (const { unit, after } of missing) {
    const place = after === null ? null : placeOf(result, after);
    const [at, indent] =
      place === null
        ? [result.length, '']
        : [place.to + 1, indentOf(result[place.declaration] ?? '')];
    result.splice(at, 0, '', ...reindent(unit.lines, indent));
  }
  const known = new Set(importsOf(result).map((each) => wordsOf(each.lines)));
  const fresh = imports.filter((each) => !known.has(wordsOf(each)));
  const last = importsOf(result).at(-1)?.end ?? 0;
  result.splice(last, 0, ...fresh.flat());
  return result;
}

/** The declarations of the code at its outermost level, and the imports above them. */
function unitsOf(added: readonly string[]): {
  readonly imports: readonly (readonly string[])[];
  readonly units: readonly Unit[];
} {
  const level = Math.min(
    ...added.filter((line) => line.trim() !== '').map((line) => indentOf(line).length),
  );
  const isHead = (line: string): boolean => indentOf(line).length === level && declared.test(line);
  const starts: { readonly at: number; readonly name: string }[] = [];
  for (const [index, line] of added.entries()) {
    if (!isHead(line)) continue;
    let at = index;
    while (at > 0 && attached.test(added[at - 1] ?? '')) at--;
    starts.push({ at, name: declared.exec(line)?.groups?.['name'] ?? '' });
  }
  const units = starts.map(({ at, name }, index) => {
    const lines = added.slice(at, starts[index + 1]?.at);
    while (lines.at(-1)?.trim() === '') lines.pop();
    return { name, lines };
  });
  const above = added.slice(0, starts[0]?.at ?? 0);
  return { imports: importsOf(above).map((each) => each.lines), units };
}

/** The imports of some lines; one may go over several. `end` is the line behind it. */
function importsOf(
  lines: readonly string[],
): { readonly lines: readonly string[]; readonly end: number }[] {
  const found: { readonly lines: readonly string[]; readonly end: number }[] = [];
  for (let at = 0; at < lines.length; at++) {
    if (!importing.test(lines[at] ?? '')) continue;
    let end = at;
    if (/[{(][^})]*$/u.test(lines[at] ?? '')) {
      const closing = lines.findIndex((line, index) => index > at && /[})]/u.test(line));
      if (closing !== -1) end = closing;
    }
    found.push({ lines: lines.slice(at, end + 1), end: end + 1 });
    at = end;
  }
  return found;
}

function wordsOf(lines: readonly string[]): string {
  return (lines.join(' ').match(/[^\s,]+/gu) ?? []).join(' ');
}

interface Place {
  /** Of the comments and decorators above it, or the declaration itself. */
  readonly from: number;
  readonly declaration: number;
  readonly to: number;
}

/** The one declaration of a name; null if there is none, or several. */
function placeOf(lines: readonly string[], name: string): Place | null {
  const all = lines.flatMap((line, index) =>
    declared.exec(line)?.groups?.['name'] === name ? [index] : [],
  );
  const [declaration, other] = all;
  if (declaration === undefined || other !== undefined) return null;
  let from = declaration;
  while (from > 0 && attached.test(lines[from - 1] ?? '')) from--;
  return { from, declaration, to: blockEnd(lines, declaration) };
}

/** Where the block that a line opens ends, by indentation; the line itself if it opens none. */
function blockEnd(lines: readonly string[], start: number): number {
  const indent = indentOf(lines[start] ?? '').length;
  let end = start;
  for (let index = start + 1; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (line.trim() === '') continue;
    const depth = indentOf(line).length;
    if (depth > indent) end = index;
    // A line that closes the block may open its next part: `) {`, `} else {`.
    else if (depth === indent && /^\s*(?:[)\]}]|end\b)/u.test(line)) {
      end = index;
      if (!/[{([,:]\s*$/u.test(line)) return end;
    } else if (depth === indent && /^\s*\{\s*$/u.test(line)) end = index;
    else return end;
  }
  return end;
}

function indentOf(line: string): string {
  return /^[ \t]*/u.exec(line)?.[0] ?? '';
}

/** Lines whose first has this indentation, the others shifted with it. */
function reindent(lines: readonly string[], indent: string): string[] {
  const own = indentOf(lines.find((line) => line.trim() !== '') ?? '');
  if (own === indent) return [...lines];
  return lines.map((line) => {
    if (line.trim() === '') return '';
    return line.startsWith(own) ? indent + line.slice(own.length) : indent + line.trimStart();
  });
}

/** The smallest part in which two texts differ. */
export function changeBetween(before: string, after: string): Span & { readonly text: string } {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let same = 0;
  while (
    same < most - start &&
    before.charCodeAt(before.length - 1 - same) === after.charCodeAt(after.length - 1 - same)
  ) {
    same++;
  }
  // Whole lines: neither a pair of units nor a line end is cut.
  start = lineStart(before, start);
  const ended = before.slice(before.length - same).indexOf('\n');
  same = ended === -1 ? 0 : same - ended - 1;
  return { start, end: before.length - same, text: after.slice(start, after.length - same) };
}

/** Where the line of an offset begins. */
function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}
