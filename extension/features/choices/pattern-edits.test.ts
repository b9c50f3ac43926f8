import { describe, expect, it } from 'vitest';
import { parsePattern, matchesPattern } from '../../repository/git/path-pattern.ts';
import { folderOf, patternOf, withoutPattern, withPattern } from './pattern-edits.ts';

describe('the pattern of a path', () => {
  it.each(['a.ts', 'src/[id].ts', 'a*b?.ts', '#x', '!y', 'back\\slash', 'end  ', 'src/deep/a b'])(
    'matches it and nothing else: %s',
    (path) => {
      const pattern = parsePattern(patternOf(path, false));
      expect([pattern.negative, pattern.foldersOnly]).toEqual([false, false]);
      expect(matchesPattern(pattern, path, false)).toBe(true);
      for (const other of [`x/${path}`, `${path}x`, 'axxb_.ts', 'src/i.ts', 'other']) {
        expect(matchesPattern(pattern, other, false), other).toBe(false);
      }
    },
  );

  it('of a folder is of folders only', () => {
    expect(patternOf('src/lib', true)).toBe('/src/lib/');
    for (const folder of ['src', 'src/[id]/a*b', 'back\\slash']) {
      expect(folderOf(patternOf(folder, true))).toBe(folder);
    }
    const none = ['src/', '/src', '/src/*/', '/*/', '!/src/', '/'];
    expect(none.map(folderOf)).toEqual(none.map(() => null));
  });
});

describe('a pattern', () => {
  it('comes last and replaces what took it back', () => {
    expect(withPattern(['*.md', '!/a.md', '/b/'], '/a.md')).toEqual(['*.md', '/b/', '/a.md']);
    expect(withPattern(['/a.md', '*.x'], '/a.md')).toEqual(['*.x', '/a.md']);
  });

  it('is taken away, or taken back where another matches', () => {
    expect(withoutPattern(['*.md', '/a.md'], '/a.md')).toEqual(['*.md']);
    expect(withoutPattern(['*.md'], '/a.md')).toEqual(['*.md', '!/a.md']);
    expect(withoutPattern(['!/a.md', '*.md'], '/a.md')).toEqual(['*.md', '!/a.md']);
  });
});
