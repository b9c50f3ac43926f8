import { describe, expect, it } from 'vitest';
import { scrollToRow, visibleRows } from './visible-rows.ts';

describe('visibleRows', () => {
  it('covers the screen and a margin, within the list', () => {
    expect(visibleRows(0, 220, 22, 1000)).toEqual({ from: 0, to: 18 });
    expect(visibleRows(2200, 220, 22, 1000)).toEqual({ from: 92, to: 118 });
    expect(visibleRows(21_780, 220, 22, 1000)).toEqual({ from: 982, to: 1000 });
  });

  it('is empty for an empty list, and whole for a short one', () => {
    expect(visibleRows(0, 220, 22, 0)).toEqual({ from: 0, to: 0 });
    expect(visibleRows(0, 220, 22, 3)).toEqual({ from: 0, to: 3 });
    expect(visibleRows(5000, 220, 22, 3)).toEqual({ from: 3, to: 3 });
  });
});

describe('scrollToRow', () => {
  it('moves as little as needed', () => {
    expect(scrollToRow(5, 0, 220, 22)).toBe(0);
    expect(scrollToRow(10, 0, 220, 22)).toBe(22);
    expect(scrollToRow(2, 110, 220, 22)).toBe(44);
  });
});
