import { describe, expect, it } from 'vitest';
import { TextStream } from './text-stream.ts';

describe('TextStream', () => {
  it('never splits a character, however the bytes are cut', () => {
    const text = 'a\u00e9\u4f60\u{1f600}\ufeffz';
    const bytes = new TextEncoder().encode(text);
    for (let size = 1; size <= bytes.length; size += 1) {
      const stream = new TextStream();
      const pieces: string[] = [];
      for (let from = 0; from < bytes.length; from += size) {
        pieces.push(stream.push(bytes.subarray(from, from + size)));
      }
      pieces.push(stream.end());
      expect(pieces.join('')).toBe(text);
      expect(stream.text).toBe(text);
      for (const piece of pieces)
        expect(piece).not.toMatch(/\ufffd|^[\udc00-\udfff]|[\ud800-\udbff]$/);
    }
  });

  it('shows an unfinished character at the end, and bytes that are none', () => {
    const stream = new TextStream();
    expect(stream.push(Uint8Array.of(0x61, 0xf0, 0x9f))).toBe('a');
    expect(stream.end()).toBe('\ufffd');
    expect(new TextStream().push(Uint8Array.of(0xff, 0x62))).toBe('\ufffdb');
  });
});
