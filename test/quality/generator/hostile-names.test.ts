import { describe, expect, it } from 'vitest';
import { withHostileNames } from './hostile-names.ts';
import { generateRepository } from './repository.ts';

const plain = generateRepository({ seed: 5, tokens: 9000, questions: 24 });
const hostile = withHostileNames(plain);
const paths = [...hostile.files.keys()];

describe('withHostileNames', () => {
  it.each([
    ['hyphens', /-/u],
    ['spaces', / /u],
    ['brackets', /\[.+\]/u],
    ['parentheses', /\(.+\)/u],
    ['accents', /é/u],
    ['another script', /\p{sc=Han}/u],
    ['deep folders', /(?:[^/]+\/){10}/u],
    ['signs', /\$.*\+/u],
    ['hashes and quotes', /#.*&.*'/u],
    ['a hidden folder with an at sign', /^\..*@/u],
  ])('has paths with %s', (_, pattern) => {
    expect(paths.some((path) => pattern.test(path))).toBe(true);
  });

  it('has CRLF in some files, not in all', () => {
    const mixed = [...hostile.files.values()].map((text) => text.includes('\r\n'));
    expect(new Set(mixed)).toEqual(new Set([true, false]));
  });

  it('loses no file and no name, and every question still names its line', () => {
    expect(hostile.files.size).toBe(plain.files.size);
    for (const { key, path, line } of hostile.questions) {
      expect(hostile.files.get(path)?.split(/\r?\n/u)[line - 1]).toContain(key);
    }
    const asked = hostile.questions.filter(({ kind }) => kind === 'file');
    expect(asked.length).toBeGreaterThan(0);
    for (const { answer, path } of asked) expect(answer).toBe(path);
  });

  it('leaves what it was made from as it was', () => {
    expect(generateRepository({ seed: 5, tokens: 9000, questions: 24 })).toEqual(plain);
  });
});
