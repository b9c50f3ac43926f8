import { describe, expect, it } from 'vitest';
import { isComposing } from './keys.ts';

describe('isComposing', () => {
  it.each([
    [{ isComposing: true, keyCode: 13 }, true],
    [{ isComposing: false, keyCode: 229 }, true],
    [{ isComposing: true, keyCode: 229 }, true],
    [{ isComposing: false, keyCode: 27 }, false],
  ])('%j: %s', (event, composing) => {
    expect(isComposing(event)).toBe(composing);
  });
});
