import { lstatSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { gitMissing } from '../../../test/fixtures/git-missing.ts';
import {
  type RepositoryFixture,
  repositoryFixtures,
} from '../../../test/fixtures/git-repositories.ts';
import { RepositoryScript } from '../../../test/fixtures/repository-script.ts';
import { walkRepository } from '../files/walk.ts';

let base: string;
let script: RepositoryScript;

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'loci-repositories-')));
  const home = join(base, 'home');
  mkdirSync(home);
  script = new RepositoryScript(join(base, 'root'), home);
  vi.stubEnv('HOME', home);
  vi.stubEnv('XDG_CONFIG_HOME', '');
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(base, { recursive: true, force: true });
});

/** What git lists in the work trees of a fixture, without entries that are not files. */
function expectedFiles({ tops, others = [] }: RepositoryFixture): string[] {
  const listed = tops.flatMap((top) =>
    script
      .git(top, 'ls-files', '-z', '-c', '-o', '--exclude-standard')
      .split('\0')
      .filter((path) => path !== '')
      .map((path) => (top === '' ? path : `${top}/${path}`)),
  );
  const isFile = (path: string): boolean =>
    lstatSync(join(script.folder, path), { throwIfNoEntry: false })?.isFile() === true;
  return [...new Set([...listed, ...others])].filter(isFile).sort();
}

async function filesOf(folder: string): Promise<string[]> {
  return (await walkRepository([folder])).files.map(({ path }) => path).sort();
}

describe.skipIf(gitMissing)('what is read is what git lists, with git and without', () => {
  it.each(repositoryFixtures)('$name', async (fixture) => {
    fixture.build(script);
    const expected = expectedFiles(fixture);
    expect(expected.length).toBeGreaterThan(1);
    const read = [...(await filesOf(script.folder))];
    vi.stubEnv('PATH', join(base, 'nothing'));
    const readAlone = await filesOf(script.folder);
    expect({ read, readAlone }).toEqual({ read: expected, readAlone: expected });
  });
});

describe.skipIf(gitMissing)('a repository around, inside and beside', () => {
  async function withAndWithoutGit(check: () => Promise<void>): Promise<void> {
    await check();
    vi.stubEnv('PATH', join(base, 'nothing'));
    await check();
  }

  it('obeys .lociignore above git, in repositories inside too', async () => {
    script.init();
    script.write('.gitignore', '*.log\nout/\ngen/\n');
    script.write('.lociignore', '!*.log\n!out/\n!gen/sub/\n*.md\n');
    script.writeAll('a.log', 'a.md', 'out/a.ts', 'out/tracked.ts', 'out/b.md', 'out/deep/c.ts');
    script.writeAll('gen/a.ts', 'gen/tracked.ts', 'gen/sub/b.ts');
    script.commit('', '-f', 'a.md', 'out/tracked.ts', 'gen/tracked.ts');
    script.init('inside');
    script.writeAll('inside/b.ts', 'inside/b.md');
    await withAndWithoutGit(async () => {
      expect(await filesOf(script.folder)).toEqual([
        '.gitignore',
        '.lociignore',
        'a.log',
        'gen/sub/b.ts',
        'gen/tracked.ts',
        'inside/b.ts',
        'out/a.ts',
        'out/deep/c.ts',
        'out/tracked.ts',
      ]);
    });
  });

  it('tells an ignored folder as one entry, and ignored files by name', async () => {
    script.init();
    script.write('.gitignore', '*.log\nout/\n');
    script.writeAll('out/a.ts', 'out/deep/b.ts', 'logs/a.log', 'logs/b.log', 'a.ts');
    await withAndWithoutGit(async () => {
      const { skipped } = await walkRepository([script.folder]);
      expect(skipped).toEqual([
        { path: 'logs/a.log', reason: 'ignored' },
        { path: 'logs/b.log', reason: 'ignored' },
        { path: 'out/', reason: 'ignored' },
      ]);
    });
  });

  it('is read from a folder below its top by the rules above', async () => {
    script.init();
    script.write('.gitignore', '*.log\n/packages/one/tmp\nscratch/\n*.gen.ts\n');
    script.append('.git/info/exclude', '/packages/*/local.ts\n');
    script.writeAll('packages/one/a.ts', 'packages/one/a.log', 'packages/one/tmp/b.ts');
    script.writeAll('packages/one/local.ts', 'packages/one/kept.gen.ts', 'scratch/deep/c.ts');
    script.commit('', '-f', 'packages/one/kept.gen.ts');
    await withAndWithoutGit(async () => {
      expect(await filesOf(join(script.folder, 'packages/one'))).toEqual(['a.ts', 'kept.gen.ts']);
      expect(await filesOf(join(script.folder, 'scratch'))).toEqual(['deep/c.ts']);
      expect(await filesOf(join(script.folder, 'scratch/deep'))).toEqual(['c.ts']);
    });
  });

  it('is read from work trees whatever is beside them, but never from git’s own files', async () => {
    script.init('../origin');
    script.write('../origin/a.ts');
    script.commit('../origin');
    script.git('', 'clone', '-q', '--bare', '../origin', 'project.git');
    script.git('project.git', 'worktree', 'add', '-q', 'main', 'main');
    script.git('project.git', 'worktree', 'add', '-q', '../beside', '-b', 'beside');
    await withAndWithoutGit(async () => {
      expect(await filesOf(script.folder)).toEqual(['project.git/main/a.ts']);
      expect(await filesOf(join(script.folder, 'project.git'))).toEqual(['main/a.ts']);
      expect(await filesOf(join(script.folder, 'project.git/main'))).toEqual(['a.ts']);
      expect(await filesOf(join(script.folder, 'beside'))).toEqual(['a.ts']);
      for (const own of ['.git', '.git/hooks', '.git/refs/heads']) {
        expect(await filesOf(join(base, 'origin', own))).toEqual([]);
      }
    });
  });

  it('is read once where its work trees lie side by side', async () => {
    script.init('app');
    script.write('app/a.ts');
    script.commit('app');
    script.git('app', 'worktree', 'add', '-q', '../app-feature');
    script.write('app-feature/b.ts');
    await withAndWithoutGit(async () => {
      expect(await filesOf(script.folder)).toEqual(['app/a.ts']);
      expect(await filesOf(join(script.folder, 'app-feature'))).toEqual(['a.ts', 'b.ts']);
    });
  });

  it('is a boundary for rules also where its own git directory is gone', async () => {
    script.init('../library');
    script.write('../library/a.ts');
    script.commit('../library');
    script.init();
    script.write('.gitignore', '*.ts\n');
    script.git('', 'submodule', '--quiet', 'add', '../library', 'lib');
    script.commit();
    rmSync(join(script.folder, '.git/modules'), { recursive: true });
    await withAndWithoutGit(async () => {
      expect(await filesOf(script.folder)).toEqual(['.gitignore', '.gitmodules', 'lib/a.ts']);
    });
  });
});
