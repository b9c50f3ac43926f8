import { describe, expect, it } from 'vitest';
import {
  byteSize,
  compactCount,
  counted,
  duration,
  percent,
  rememberedText,
  rememberedTokens,
  stoppedEarly,
} from './format.ts';

describe('amounts for people', () => {
  it.each([
    [410.7, '411'],
    [999.6, '1K'],
    [1234, '1.2K'],
    [3_400_000, '3.4M'],
  ])('writes %d compactly', (value, text) => {
    expect(compactCount(value)).toBe(text);
  });

  it('counts one and many', () => {
    expect(counted(1, 'file')).toBe('1 file');
    expect(counted(0, 'file')).toBe('0 files');
    expect(counted(12_345, 'token')).toBe('12,345 tokens');
  });

  it.each([
    [0, '0 B'],
    [1023, '1,023 B'],
    [1024, '1.0 KiB'],
    [4.25 * 1024 ** 2, '4.3 MiB'],
    [20 * 1024 ** 3, '20 GiB'],
  ])('writes %d bytes', (bytes, text) => {
    expect(byteSize(bytes)).toBe(text);
  });

  it.each([
    [0.42, '0.4 s'],
    [9.96, '10 s'],
    [59.6, '1 min'],
    [185, '3 min 5 s'],
    [7800, '2 h 10 min'],
  ])('writes %d seconds', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });

  it.each([
    [0, '0 %'],
    [0.0004, '< 0.1 %'],
    [0.0042, '0.4 %'],
    [0.374, '37 %'],
    [0.9999, '99 %'],
    [1, '100 %'],
  ])('never rounds %d to nothing or to everything', (share, text) => {
    expect(percent(share)).toBe(text);
  });
});

describe('what is remembered of a repository', () => {
  it.each([
    [1_639_910, 16_399_097, 'Remembers 10 % of this repository'],
    [1_536, 11_000_000, 'Remembers < 0.1 % of this repository'],
    [999.5, 1000, 'Remembers 99 % of this repository'],
    [1000, 1000, 'Remembers 100 % of this repository'],
    [0, 0, 'Remembers 0 % of this repository'],
  ])('is said of %d of %d tokens', (heldTokens, totalTokens, text) => {
    expect(rememberedText({ heldTokens, totalTokens })).toBe(text);
  });

  it('has one format of numbers', () => {
    expect(rememberedTokens({ heldTokens: 1639.5, totalTokens: 16_399_097 })).toBe(
      '1,640 of 16,399,097 tokens',
    );
    expect(stoppedEarly(1, 7_679)).toBe(
      'Reading stopped early. Answers use only the first 1 of 7,679 files.',
    );
  });
});
