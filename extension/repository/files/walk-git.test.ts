import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gitMissing } from '../../../test/fixtures/git-missing.ts';
import { pathsOf, walkedFolder } from '../../../test/fixtures/walked-folder.ts';
import { fullRun } from '../../../test/tools/full-run.ts';
import { walkRepository } from './walk.ts';

const folder = walkedFolder();
const { write, writeAll, walk } = folder;

function git(...args: readonly string[]): string {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  return execFileSync('git', ['-C', folder.root, ...args], { encoding: 'utf8', env });
}

/** All files that git would accept for adding. */
function gitFiles(): string[] {
  return git('ls-files', '--others', '--exclude-standard', '-z').split('\0').filter(Boolean).sort();
}

/** A deterministic random number generator. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe.skipIf(gitMissing)('beside git itself', () => {
  it.each(Array.from({ length: fullRun ? 20 : 6 }, (_, seed) => seed + 1))(
    'the same files are left, random tree %i',
    async (seed) => {
      const random = randomOf(seed);
      const pick = <T>(items: readonly [T, ...T[]]): T => items[random(items.length)] ?? items[0];
      const name = (): string => pick(['a', 'b', 'c', 'ab', 'a b', '#x', '!y', 'd.e', '[z]']);
      const path = (depth: number): string => Array.from({ length: depth }, name).join('/');
      const pattern = (): string => {
        const body = pick([
          name(),
          `${name()}/`,
          `/${name()}`,
          `/${name()}/`,
          `${name()}/${name()}`,
          `${name()}/*`,
          `${name()}/**`,
          `**/${name()}`,
          `**/${name()}/`,
          `${name()}/**/${name()}`,
          '*.f',
          '*',
          '?b',
          '[ab]',
          '[!a]',
          '\\#x',
          '\\!y',
          `${name()} `,
          `${name()}\\ `,
          `# ${name()}`,
          '/*',
          '*/',
        ]);
        return `${random(3) === 0 ? '!' : ''}${body}`;
      };
      git('init', '-q');
      for (let count = 0; count < 60; count++) {
        // If a folder has this name already, the file is not written.
        await write(`${path(1 + random(4))}${pick(['', '.f'])}`).catch(() => undefined);
      }
      const rules = (): string => Array.from({ length: 1 + random(4) }, pattern).join('\n');
      await write('.gitignore', rules());
      await write('.git/info/exclude', `${pattern()}\n`);
      for (let count = 0; count < 6; count++) {
        await write(`${path(1 + random(2))}/.gitignore`, `${rules()}\r\n`).catch(() => undefined);
      }
      const listing = await walk();
      expect(pathsOf(listing).sort()).toEqual(gitFiles());
      for (const { path: left, reason } of listing.skipped) {
        expect(reason).toBe('ignored');
        expect(git('check-ignore', '--no-index', left.replace(/\/$/, ''))).not.toBe('');
      }
    },
  );

  it('a folder inside a work tree obeys the rules above it, unless it is ignored itself', async () => {
    git('init', '-q');
    await write('.gitignore', '*.log\n/packages/one/tmp\nscratch/\n');
    await write('packages/.gitignore', '!keep.log\n');
    await writeAll('packages/one/a.ts', 'packages/one/a.log', 'packages/one/keep.log');
    await writeAll('packages/one/tmp/b.ts', 'scratch/c.log');
    const inside = await walkRepository([join(folder.root, 'packages/one')]);
    expect(pathsOf(inside)).toEqual(['a.ts', 'keep.log']);
    expect(pathsOf(await walkRepository([join(folder.root, 'scratch')]))).toEqual(['c.log']);
  });

  it('a linked work tree obeys the exclusions of its repository', async () => {
    git('init', '-q');
    await write('main/a.ts');
    git('add', '.');
    git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qm', 'first');
    git('worktree', 'add', '-q', join(folder.root, 'linked'));
    await write('.git/info/exclude', '*.secretive\n');
    await write('linked/b.secretive');
    expect(pathsOf(await walkRepository([join(folder.root, 'linked')]))).toEqual(['main/a.ts']);
  });
});
