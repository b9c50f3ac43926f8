/** The classes of units; a policy chooses which of them it raises. 0 is everything else. */
export const unitClass = {
  none: 0,
  /** The header with a file's path. */
  pathHeader: 1,
  /** An import, an include, a package clause, a re-export. */
  import: 2,
  /** The head of a function or method. */
  signature: 3,
  /** The head of a class, enum, alias or namespace; a heading or section of other texts. */
  type: 4,
  /** A constant or field with its initialiser; a key with its value. */
  value: 5,
  /** A literal returned in the first lines of a function: a fact, but not a declaration. */
  literalReturn: 6,
} as const;

export type UnitClass = (typeof unitClass)[keyof typeof unitClass];

/** The units of one text; both arrays have one entry per line. */
export interface LineUnits {
  /** Start at 0 and ascend by at most 1: lines with the same number form one unit. */
  readonly units: Int32Array;
  /** A {@link UnitClass}, the same for all lines of a unit. */
  readonly classes: Uint8Array;
}

/** Makes every line its own unit, with the given classes. */
export function unitPerLine(classes: Uint8Array): LineUnits {
  return { units: Int32Array.from(classes, (_, line) => line), classes };
}
