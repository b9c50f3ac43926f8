/**
 * Squarified treemaps: M. Bruls, K. Huizing, J. J. van Wijk, "Squarified Treemaps", Proc. of the Joint
 * Eurographics and IEEE TCVG Symposium on Visualization (2000), 33-42, section 3. Rows are laid along
 * the shorter side of what is left; a row takes the next value as long as its worst tile does not
 * become longer and thinner.
 */

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Divides a rectangle by values: each has its share of the area. Each value is looked at four times
 * at most, however many there are.
 * @param values descending; none is negative
 * @param place hears the rectangle of each value, in their order; those of area 0 are left out
 */
export function squarify(
  values: readonly number[],
  within: Rectangle,
  place: (index: number, tile: Rectangle) => void,
): void {
  let left = values.reduce((sum, value) => sum + value, 0);
  let free = within;
  let from = 0;
  while (from < values.length && left > 0 && free.width > 0 && free.height > 0) {
    const row = takeRow(values, from, free, left);
    if (row.sum === 0) return;
    const last = row.to === values.length || row.sum >= left;
    free = placeRow(values, from, row, last ? 1 : row.sum / left, free, place);
    left -= row.sum;
    from = row.to;
  }
}

interface Row {
  /** Not included. */
  readonly to: number;
  readonly sum: number;
}

/** The values from one on that make the best row along the shorter side. */
function takeRow(values: readonly number[], from: number, free: Rectangle, left: number): Row {
  const side = Math.min(free.width, free.height);
  const scale = (free.width * free.height) / left;
  const largest = (values[from] ?? 0) * scale;
  let [to, sum, worst] = [from, 0, Infinity];
  while (to < values.length) {
    const value = values[to] ?? 0;
    const area = (sum + value) * scale;
    // Of the largest and the smallest tile of the row, the ratio of sides that is further from one.
    const ratio = Math.max(
      (side * side * largest) / (area * area),
      (area * area) / (side * side * value * scale),
    );
    if (to > from && !(ratio <= worst)) break;
    [to, sum, worst] = [to + 1, sum + value, ratio];
  }
  return { to, sum };
}

/** Places a row, which takes a share of what is free, and returns what is free then. */
function placeRow(
  values: readonly number[],
  from: number,
  { to, sum }: Row,
  share: number,
  free: Rectangle,
  place: (index: number, tile: Rectangle) => void,
): Rectangle {
  const { x, y, width, height } = free;
  const upright = width >= height;
  const thickness = upright ? width * share : height * share;
  const length = upright ? height : width;
  let before = 0;
  for (let index = from; index < to; index++) {
    const value = values[index] ?? 0;
    // Both edges from the sum: neighbours share theirs to the bit, and the last one ends with the row.
    const start = length * (before / sum);
    before += value;
    const end = length * Math.min(1, before / sum);
    if (end <= start) continue;
    place(
      index,
      upright
        ? { x, y: y + start, width: thickness, height: end - start }
        : { x: x + start, y, width: end - start, height: thickness },
    );
  }
  return upright
    ? { x: x + thickness, y, width: width - thickness, height }
    : { x, y: y + thickness, width, height: height - thickness };
}
