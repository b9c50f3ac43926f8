import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pathsOf, walkedFolder } from '../../../test/fixtures/walked-folder.ts';
import { walkRepository } from './walk.ts';

const folder = walkedFolder();
const { write, writeAll, walk } = folder;

describe('what the user leaves out', () => {
  const rules = (root: string | null, ...patterns: string[]) => ({ exclude: [{ root, patterns }] });

  it('is named by lines as of a .gitignore, and is stronger than any rule file', async () => {
    await write('.lociignore', '!gen/\n');
    await writeAll('a.ts', 'gen/b.ts', 'src/c.min.js', 'src/d.ts', 'src/é[1].ts', 'docs/e.md');
    const listing = await walk(rules(null, '/gen/', '*.min.js', '/src/é\\[1\\].ts', '# docs/'));
    expect(pathsOf(listing)).toEqual(['.lociignore', 'a.ts', 'docs/e.md', 'src/d.ts']);
    expect(listing.skipped).toEqual(
      ['gen/', 'src/c.min.js', 'src/é[1].ts'].map((path) => ({
        path,
        reason: 'excluded',
        detail: 'is excluded by the setting loci.exclude',
      })),
    );
  });

  it('is taken in again by a later line, and takes nothing in that git ignores', async () => {
    await write('.gitignore', 'x.log\n');
    await writeAll('a.ts', 'b.ts', 'x.log');
    const listing = await walk(rules(null, '*.ts', '!/b.ts', '!x.log'));
    expect(pathsOf(listing)).toEqual(['.gitignore', 'b.ts']);
  });

  it('is stated for its own root only', async () => {
    await writeAll('one/a.ts', 'two/a.ts');
    const roots = ['one', 'two'].map((name) => join(folder.root, name));
    const listing = await walkRepository(roots, rules(roots[0] ?? null, '/a.ts'));
    expect(pathsOf(listing)).toEqual(['two/a.ts']);
  });
});

describe('what the user pins', () => {
  it('is marked in the listing: files by their patterns, and all of a folder', async () => {
    await writeAll('a.ts', 'src/b.ts', 'src/deep/c.ts', 'lib/d.ts');
    const pin = [{ root: null, patterns: ['/src/', '!/src/b.ts', '/a.ts', 'gone.ts'] }];
    const { files } = await walk({ pin, exclude: [{ root: null, patterns: ['lib/'] }] });
    expect(files.map(({ path, pinned }) => [path, pinned])).toEqual([
      ['a.ts', true],
      ['src/b.ts', true],
      ['src/deep/c.ts', true],
    ]);
    const all = await walk({ pin: [{ root: null, patterns: ['*.ts', '!/src/b.ts'] }] });
    expect(all.files.filter(({ pinned }) => pinned !== true).map(({ path }) => path)).toEqual([
      'src/b.ts',
    ]);
  });
});
