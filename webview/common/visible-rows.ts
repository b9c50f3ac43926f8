/** Selects the rows of a long list to create: those on screen and a few around them. */

export interface RowRange {
  readonly from: number;
  /** Not included. */
  readonly to: number;
}

const margin = 8;

/** Returns the rows to create. All lengths are in pixels. */
export function visibleRows(
  scrollTop: number,
  height: number,
  rowHeight: number,
  count: number,
): RowRange {
  const first = Math.floor(scrollTop / rowHeight) - margin;
  const last = Math.ceil((scrollTop + height) / rowHeight) + margin;
  const to = Math.min(count, Math.max(0, last));
  return { from: Math.min(Math.max(0, first), to), to };
}

/** Returns the scroll offset at which a row is fully visible; unchanged if it already is. */
export function scrollToRow(
  row: number,
  scrollTop: number,
  height: number,
  rowHeight: number,
): number {
  const top = row * rowHeight;
  if (top < scrollTop) return top;
  return Math.max(scrollTop, top + rowHeight - height);
}
