import { type LineUnits, type UnitClass, unitClass, unitPerLine } from './unit-class.ts';

/** The characters of a line that rules see. */
const seen = 200;

/** Classifies a line by its own text. The first match counts. */
export type LineRules = readonly (readonly [pattern: RegExp, unit: UnitClass])[];

/** YAML: the outermost keys. */
export const yaml: LineRules = [
  [/^(?:"[^"]*"|'[^']*'|[\w$/.][\w$/. -]*)\s*:\s+[^\s#|>&*[{]/, unitClass.value],
  [/^(?:"[^"]*"|'[^']*'|[\w$/.][\w$/. -]*)\s*:(?:\s|$)/, unitClass.type],
];

/** TOML, INI, properties and environment files: sections, and every key, because they are flat. */
export const settings: LineRules = [
  [/^\s*\[.*\]\s*(?:[#;]|$)/, unitClass.type],
  [/^(?:export\s+)?["'\w][\w."'-]*\s*[=:]\s*\S/, unitClass.value],
];

export const makefile: LineRules = [
  [/^-?include\s/, unitClass.import],
  [/^(?:export\s+|override\s+)?[\w.-]+\s*[:?+!]{0,2}=\s*\S/, unitClass.value],
  [/^define\s/, unitClass.value],
  [/^[^\s#:=.][^#:=]*::?(?:\s|$)/, unitClass.signature],
];

export const dockerfile: LineRules = [
  [/^FROM\s/i, unitClass.import],
  [/^(?:ENV|ARG|EXPOSE|WORKDIR|ENTRYPOINT|CMD|LABEL)\s/i, unitClass.value],
];

export const cmake: LineRules = [
  [/^\s*(?:include|find_package|add_subdirectory)\s*\(/i, unitClass.import],
  [/^\s*(?:function|macro)\s*\(/i, unitClass.signature],
  [/^\s*(?:project|add_executable|add_library|add_custom_target)\s*\(/i, unitClass.type],
  [/^(?:set|option)\s*\(/i, unitClass.value],
];

export const sql: LineRules = [
  [/^\s*create\s+(?:or\s+replace\s+)?(?:function|procedure|trigger)\b/i, unitClass.signature],
  [/^\s*(?:create|alter)\s/i, unitClass.type],
];

export const stylesheet: LineRules = [
  [/^\s*@(?:import|use|forward)\b/, unitClass.import],
  [/^\s*@mixin\b|^\s*@function\b/, unitClass.signature],
  [/^\s*(?:--|\$|@)[\w-]+\s*:\s*\S/, unitClass.value],
];

/** The units of a text in which each line stands for itself. */
export function textUnits(text: string, rules: LineRules): LineUnits {
  return eachLine(text, (line) => rules.find(([pattern]) => pattern.test(line))?.[1] ?? 0);
}

/** Units of Markdown and similar: headings, with `#` or underlined, outside fenced code. */
export function proseUnits(text: string): LineUnits {
  let fence: string | null = null;
  const all = eachLine(text, (line) => {
    const mark = /^ {0,3}(```|~~~)/.exec(line)?.[1];
    if (mark !== undefined && (fence === null || fence === mark)) {
      fence = fence === null ? mark : null;
      return 0;
    }
    if (fence !== null) return 0;
    if (/^ {0,3}={3,}\s*$/.test(line)) return underline;
    return /^ {0,3}#{1,6}\s|^={1,6}\s\S/.test(line) ? unitClass.type : 0;
  });
  return joinUnderlined(all.classes);
}

const underline = 255;

/** Joins a heading and its underline into one unit. */
function joinUnderlined(marks: Uint8Array): LineUnits {
  const classes = new Uint8Array(marks.length);
  const units = new Int32Array(marks.length);
  let unit = -1;
  for (const [line, mark] of marks.entries()) {
    const joins = mark === underline && line > 0 && marks[line - 1] === 0;
    units[line] = joins ? unit : ++unit;
    classes[line] = mark === underline ? 0 : mark;
    if (joins) classes.fill(unitClass.type, line - 1, line + 1);
  }
  return { units, classes };
}

function eachLine(text: string, classOf: (line: string) => number): LineUnits {
  const classes: number[] = [];
  for (let from = 0; from < text.length;) {
    const newline = text.indexOf('\n', from);
    const end = newline === -1 ? text.length : newline;
    const start = from === 0 && text.startsWith('\uFEFF') ? 1 : from;
    classes.push(classOf(text.slice(start, Math.min(end, start + seen))));
    from = end + 1;
  }
  return unitPerLine(Uint8Array.from(classes));
}
