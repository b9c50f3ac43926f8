import { describe, expect, it } from 'vitest';
import { CompletionEnd } from './completion-end.ts';

/** Feeds a text character by character and returns what is wanted of it. */
function completed(suffix: string, text: string): string | null {
  const end = new CompletionEnd(suffix);
  for (let length = 1; length <= text.length; length += 1) {
    const wanted = end.find(text.slice(0, length), false);
    if (wanted !== null) return wanted;
  }
  return end.find(text, true);
}

describe('CompletionEnd', () => {
  it('ends before a blank line, but not before the first text', () => {
    expect(completed('', '\n  return a;\n\nfunction b() {')).toBe('\n  return a;');
    expect(completed('', 'return a;\n  \nmore')).toBe('return a;');
  });

  it('ends where the text below the cursor follows', () => {
    const suffix = '\n}\n\nfunction next() {\n';
    expect(completed(suffix, '  return a;\n}\n\nfunction x')).toBe('  return a;');
    expect(completed('\n\n  return b;\n}', 'const b = 1;\n  return b;\n')).toBe('const b = 1;');
  });

  it('tells an inner brace from the one below', () => {
    expect(completed('\n}\n', '  if (a) {\n    b();\n  }\n}\n')).toBe('  if (a) {\n    b();\n  }');
  });

  it('stays on the line where the cursor is inside one, without repeating its end', () => {
    expect(completed(');\n}', 'a, b);\n  more();')).toBe('a, b');
    expect(completed(');\n}', 'a, b')).toBe('a, b');
    expect(completed(')', 'first\nsecond')).toBe('first');
  });

  it('ends where the text repeats itself', () => {
    expect(completed('', 'a\n  step();\n  step();\n  step();\n')).toBe('a\n  step();');
    expect(completed('', '}\n  }\n}\n')).toBe('}\n  }\n}');
  });

  it('keeps a text that the model ended itself', () => {
    expect(completed('\n', 'x = 1;\ny = 2;')).toBe('x = 1;\ny = 2;');
    expect(completed('', '')).toBe('');
  });
});
