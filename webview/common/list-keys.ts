/** Keys that move through a list of rows. */

/**
 * How many rows a key moves; null for a key that does not move.
 * @param page rows of a page, at least one
 * @param length rows of the list
 */
export function rowsMoved(key: string, page: number, length: number): number | null {
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: 1,
    ArrowUp: -1,
    PageDown: Math.max(1, page),
    PageUp: -Math.max(1, page),
    Home: -length,
    End: length,
  };
  return steps[key] ?? null;
}
