import { describe, expect, it } from 'vitest';
import { PromptWindow } from './prompt-window.ts';

/** One token per word, including the spaces before it. */
function tokenize(text: string): Int32Array {
  const words = text.match(/\s*\S+|\s+$/gu) ?? [];
  return Int32Array.from(
    words,
    (word) => Buffer.from(word).reduce((sum, c) => sum * 31 + c, 7) | 0,
  );
}

function lines(count: number): string {
  const line = (i: number): string => `line ${String(i)} of a long file with some words in it\n`;
  return Array.from({ length: count }, (_, i) => line(i)).join('');
}

function common(one: Int32Array, other: Int32Array): number {
  let count = 0;
  while (count < one.length && one[count] === other[count]) count += 1;
  return count;
}

describe('PromptWindow', () => {
  it('is all of a text that fits', () => {
    const window = new PromptWindow();
    expect(window.tokens('a.ts', 'one two three', 3, tokenize)).toEqual(tokenize('one two three'));
    expect(window.tokens('a.ts', 'one two three four', 3, tokenize)).toHaveLength(3);
    expect(window.tokens('a.ts', 'one', 0, tokenize)).toHaveLength(0);
  });

  it('begins as long as it may be, and at most keystrokes as the one before', () => {
    const window = new PromptWindow();
    let text = lines(200);
    expect(window.tokens('a.ts', text, 400, tokenize).length).toBeGreaterThan(350);
    let before: Int32Array = new Int32Array();
    let anew = 0;
    for (let i = 0; i < 600; i++) {
      text += i % 12 === 11 ? 'word\n' : 'word ';
      const tokens = window.tokens('a.ts', text, 400, tokenize);
      expect(tokens.length).toBeLessThanOrEqual(400);
      expect(tokens.length).toBeGreaterThan(200);
      if (common(before, tokens) < before.length - 2) anew += 1;
      before = tokens;
    }
    // 600 words, of which about 100 fit after a window that has moved.
    expect(anew).toBeLessThan(10);
  });

  it('is found again where the text in front of it is cut, and not in another file', () => {
    const window = new PromptWindow();
    const text = lines(200);
    const tokens = window.tokens('a.ts', text, 400, tokenize);
    expect(window.tokens('a.ts', text.slice(text.indexOf('line 50')), 400, tokenize)).toEqual(
      tokens,
    );
    expect(window.tokens('a.ts', text, 400, tokenize)).toEqual(tokens);
    expect(window.tokens('b.ts', text, 400, tokenize)).toEqual(tokens);
    const later = window.tokens('b.ts', `${text}${lines(30)}`, 400, tokenize);
    expect(later).not.toEqual(tokens);
    expect(later.length).toBeLessThanOrEqual(300);
  });

  it('moves up with the cursor: what stands before it is not left out', () => {
    const window = new PromptWindow();
    const text = lines(400);
    window.tokens('a.ts', text, 400, tokenize);
    for (const line of [300, 370, 362, 361, 350, 399, 60]) {
      const above = text.slice(0, text.indexOf(`line ${String(line)} `));
      const tokens = window.tokens('a.ts', above, 400, tokenize);
      expect(tokens.length, String(line)).toBeGreaterThanOrEqual(200);
      // The first word lacks the newline before it.
      expect(tokens.slice(1)).toEqual(tokenize(above).slice(1 - tokens.length));
    }
  });

  it('takes no longer for a text that repeats itself without end', () => {
    const window = new PromptWindow();
    const text = '\n'.repeat(2_000_000);
    let characters = 0;
    const counting = (part: string): Int32Array => {
      characters += part.length;
      return new Int32Array(part.length);
    };
    for (let i = 0; i < 5; i++) window.tokens('a.ts', text, 400, counting);
    expect(characters).toBeLessThan(200_000);
  });

  it('is the end where there is no line to begin at', () => {
    const window = new PromptWindow();
    const text = 'word '.repeat(1000);
    for (let i = 0; i < 3; i++) {
      expect(window.tokens('a.ts', text, 100, tokenize)).toHaveLength(100);
    }
  });

  it('never begins with half of a character', () => {
    const window = new PromptWindow();
    const seen: string[] = [];
    window.tokens('a.ts', `${'😀'.repeat(100)}x`, 3, (text) => {
      seen.push(text);
      return tokenize(text);
    });
    for (const text of seen) expect(text.charCodeAt(0)).not.toBe(0xde00);
  });
});
