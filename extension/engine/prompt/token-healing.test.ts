import { describe, expect, it } from 'vitest';
import { alignStart } from '../completing/aligned-start.ts';
import type { AlignedStart } from '../completing/aligned-start.ts';
import { heal } from './token-healing.ts';
import { Vocabulary } from './vocabulary.ts';

describe('heal', () => {
  it.each([
    // Only the last of a run of spaces: it belongs to the next word.
    ['def f():\n        ', ' '],
    ['f() {\n\t\t', '\t'],
    ['f() {\n  \t', '\t'],
    ['    ', ' '],
    ['x = ', ' '],
    ['It ends. ', ' '],
    ['return ', ' '],
    // A word from its beginning, with what a token may include before it.
    ['    retu', ' retu'],
    ['\tretu', '\tretu'],
    ['print(us', '(us'],
    ['this.na', '.na'],
    ['retu', 'retu'],
    ['größ', 'größ'],
    ['a += 12', ' 12'],
    // Marks, no more than a few.
    ['foo(', '('],
    ['x = [', ' ['],
    ['a =>', ' =>'],
    ['--------', '----'],
    // Characters of several bytes, whole.
    ['say("日本', '"日本'],
    ['ok 😀', ' 😀'],
    ['😀', '😀'],
    // Long words are not removed as a whole.
    [`x${'a'.repeat(40)}`, 'a'.repeat(16)],
    // After a line's end or at a file's start, nothing is removed.
    ['a;\n', ''],
    ['a;\n\n', ''],
    ['a;\r', ''],
    ['', ''],
  ])('%j', (text, removed) => {
    const healed = heal(text);
    expect(healed.removed).toBe(removed);
    expect(healed.kept + healed.removed).toBe(text);
  });
});

/** Makes a model with this vocabulary, in which later words are likelier. */
function modelOf(words: readonly (string | Uint8Array)[]) {
  const tokens = words.map((word) =>
    typeof word === 'string' ? new TextEncoder().encode(word) : word,
  );
  const written: number[] = [];
  return {
    written,
    info: { vocabulary: tokens.length } as never,
    tokenBytes: (token: number) => tokens[token] ?? new Uint8Array(),
    tokenize: (text: string) => Int32Array.from(text, () => 0),
    extend: (added: Int32Array) => {
      written.push(...added);
      return Promise.resolve(null);
    },
    logits: () => Float32Array.from(tokens, (_, index) => index),
    shorten: (length: number) => {
      written.length = length;
      return Promise.resolve();
    },
  };
}

async function align(
  words: readonly (string | Uint8Array)[],
  removed: string,
  line: string,
): Promise<{ written: string[]; start: AlignedStart; first: string | null }> {
  const model = modelOf(words);
  const start = await alignStart({
    model,
    vocabulary: new Vocabulary(model),
    tail: model,
    promptTokens: 0,
    removed,
    line,
    cancellation: { cancel: () => undefined, cancelled: false },
  });
  const text = (token: number): string => new TextDecoder().decode(model.tokenBytes(token));
  return {
    written: model.written.map(text),
    start,
    first: start.first === null ? null : text(start.first.token),
  };
}

describe('alignStart', () => {
  it('gives the last blank to the next word, and never writes more blanks', async () => {
    const words = ['x', ' ', ' return', '     ', '            '];
    const { first, start } = await align(words, ' ', '        ');
    expect(first).toBe(' return');
    expect(start).toEqual({ tokens: 0, first: { token: 2, hiddenBytes: 1 } });
  });

  it('writes the blank alone where what follows has a token of its own', async () => {
    const words = ['1', ' return', '\t', ' ', '    '];
    const { written, first, start } = await align(words, ' ', '        ');
    expect(written).toEqual([' ']);
    // Of what is likelier, everything would be one more blank.
    expect(first).toBe('1');
    expect(start).toEqual({ tokens: 1, first: { token: 0, hiddenBytes: 0 } });
  });

  it('does the same for tabs', async () => {
    const words = ['}', '\t', '\treturn', '\t\t'];
    expect((await align(words, '\t', '\t\t')).first).toBe('\treturn');
  });

  it('finds the token that a begun word belongs to', async () => {
    const words = ['r', 're', 'ret', 'u', ' return', ' retry'];
    expect((await align(words, ' retu', '    retu')).first).toBe(' return');
    const parts = await align(['rn', 'u', ' ret'], ' retu', '    retu');
    expect(parts.written).toEqual([' ret', 'u']);
    expect(parts.first).toBeNull();
  });

  it('writes a character byte by byte where its bytes are tokens', async () => {
    const bytes = [...new TextEncoder().encode('語')].map((byte) => Uint8Array.of(byte));
    const { start } = await align(bytes, '語', 'x = "語');
    expect(start).toEqual({ tokens: 3, first: null });
    const [a = Uint8Array.of(), b = Uint8Array.of(), c = Uint8Array.of()] = bytes;
    // The last byte with the first one of another character.
    const split = await align([a, b, c, Uint8Array.of(...c, 0xe6)], '語', '"語');
    expect(split.start).toEqual({ tokens: 2, first: { token: 3, hiddenBytes: 1 } });
  });

  it('writes what was taken back as the tokeniser does where no token has those bytes', async () => {
    const { written, start } = await align(['a', 'b', 'x'], 'xy', 'xy');
    expect(start).toEqual({ tokens: 2, first: null });
    expect(written).toEqual(['a', 'a']);
  });
});
