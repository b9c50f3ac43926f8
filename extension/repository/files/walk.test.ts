import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RepositoryError } from '../disk/repository-error.ts';
import { describeEmptyListing, walkRepository, type WalkOptions } from './walk.ts';
import { type Listing } from './listing.ts';

let root: string;

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'loci-walk-')));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

async function write(path: string, text: string | Uint8Array = `${path}\n`): Promise<void> {
  const target = join(root, path);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, text);
}

async function writeAll(...paths: readonly string[]): Promise<void> {
  for (const path of paths) await write(path);
}

function pathsOf(listing: Listing): string[] {
  return listing.files.map(({ path }) => path);
}

function reasonsOf(listing: Listing): Record<string, string> {
  return Object.fromEntries(listing.skipped.map(({ path, reason }) => [path, reason]));
}

async function walk(options?: WalkOptions): Promise<Listing> {
  return walkRepository([root], options);
}

describe('the order', () => {
  it('is the readme, the manifests, then each folder before its subfolders, byte by byte', async () => {
    await writeAll('src/b.ts', 'src/B.ts', 'src/a/z.ts', 'src/é.ts', 'src-old/a.ts', 'zoo.ts');
    await writeAll('package.json', 'README.md', 'a/README.md', 'Cargo.toml', 'LICENSE');
    expect(pathsOf(await walk())).toEqual([
      'README.md',
      'Cargo.toml',
      'package.json',
      'LICENSE',
      'zoo.ts',
      'a/README.md',
      'src/B.ts',
      'src/b.ts',
      'src/é.ts',
      'src/a/z.ts',
      'src-old/a.ts',
    ]);
  });

  it('does not depend on how many files are read at a time', async () => {
    for (let index = 0; index < 60; index++)
      await write(`${String(index % 7)}/${String(index)}.ts`);
    const one = pathsOf(await walk({ concurrency: 1 }));
    expect(one).toHaveLength(60);
    expect(pathsOf(await walk({ concurrency: 32 }))).toEqual(one);
  });
});

describe('ignore files', () => {
  it('of deeper folders decide over those above, except below an ignored folder', async () => {
    await write('.gitignore', '*.log\nhidden/\n');
    await write('a/.gitignore', '!keep.log\n!hidden/\n');
    await writeAll('x.log', 'a/keep.log', 'a/drop.log', 'a/hidden/in.ts', 'hidden/out.ts', 'b.ts');
    const listing = await walk();
    expect(pathsOf(listing)).toEqual([
      '.gitignore',
      'b.ts',
      'a/.gitignore',
      'a/keep.log',
      'a/hidden/in.ts',
    ]);
    expect(reasonsOf(listing)).toEqual({
      'x.log': 'ignored',
      'a/drop.log': 'ignored',
      'hidden/': 'ignored',
    });
  });

  it('of Loci decide over those of git and over the default list', async () => {
    await write('.gitignore', 'generated/\n');
    await write('.lociignore', '!generated/\n!node_modules/\ndocs/\n');
    await write('src/.lociignore', '*.txt\n');
    await writeAll('generated/api.ts', 'node_modules/a/index.js', 'docs/a.md');
    await writeAll('src/a.txt', 'src/a.ts', 'src/node_modules/b/index.js', '.venv/x.py');
    const listing = await walk();
    expect(pathsOf(listing)).toEqual([
      '.gitignore',
      '.lociignore',
      'generated/api.ts',
      'node_modules/a/index.js',
      'src/.lociignore',
      'src/a.ts',
      'src/node_modules/b/index.js',
    ]);
    expect(reasonsOf(listing)).toEqual({
      '.venv/': 'ignored',
      'docs/': 'ignored',
      'src/a.txt': 'ignored',
    });
  });

  it('leave build folders out at the root alone', async () => {
    await writeAll('build/a.js', 'src/build/a.ts', 'vendor/b.go', 'src/vendor/b.ts');
    expect(pathsOf(await walk())).toEqual(['src/build/a.ts', 'src/vendor/b.ts']);
  });

  it('hold in a folder whose name has the characters of patterns', async () => {
    await write('a[b]*c/.gitignore', '/x.ts\nsub/y.ts\n');
    await writeAll('a[b]*c/x.ts', 'a[b]*c/z/x.ts', 'a[b]*c/sub/y.ts', 'ab-c/x.ts');
    expect(pathsOf(await walk())).toEqual(['a[b]*c/.gitignore', 'a[b]*c/z/x.ts', 'ab-c/x.ts']);
  });
});

const gitMissing = (() => {
  try {
    execFileSync('git', ['--version']);
    return false;
  } catch {
    return true;
  }
})();

function git(...args: readonly string[]): string {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  return execFileSync('git', ['-C', root, ...args], { encoding: 'utf8', env });
}

/** Everything that git would let one add. */
function gitFiles(): string[] {
  return git('ls-files', '--others', '--exclude-standard', '-z').split('\0').filter(Boolean).sort();
}

/** A small generator of numbers that are the same on every run. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe.skipIf(gitMissing)('beside git itself', () => {
  it.each(Array.from({ length: 20 }, (_, seed) => seed + 1))(
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
        // A name may be a folder's already: such a file is simply not written.
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
    const inside = await walkRepository([join(root, 'packages/one')]);
    expect(pathsOf(inside)).toEqual(['a.ts', 'keep.log']);
    expect(pathsOf(await walkRepository([join(root, 'scratch')]))).toEqual(['c.log']);
  });

  it('a linked work tree obeys the exclusions of its repository', async () => {
    git('init', '-q');
    await write('main/a.ts');
    git('add', '.');
    git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qm', 'first');
    git('worktree', 'add', '-q', join(root, 'linked'));
    await write('.git/info/exclude', '*.secretive\n');
    await write('linked/b.secretive');
    expect(pathsOf(await walkRepository([join(root, 'linked')]))).toEqual(['main/a.ts']);
  });
});

describe('what is left out', () => {
  it('is said with its reason', async () => {
    await writeAll('.env', '.env.local', '.env.example', 'deploy.pem', 'id_rsa', '.npmrc');
    await writeAll('aws-credentials.json', 'credentialsStore.ts', 'vault.kdbx', '.ssh/config');
    await writeAll('yarn.lock', 'app.min.js', 'app.js.map', 'a.ts');
    const key = [
      '-----BEGIN RSA',
      'PRIVATE KEY-----\nMIIEpAIBAAKCAQEAsFJ0dWdBQjWqLkZ3mN8xYvP2hT5cRk7e',
    ];
    await write('key.txt', `${key.join(' ')}\n`);
    await write('image.png', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13]));
    await write('made.go', '// Code generated by protoc. DO NOT EDIT.\npackage a\n');
    await write('made.ts', '/**\n * @generated\n */\nexport {};\n');
    await write('mentions.ts', 'const marker = "@generated";\n');
    await write('oneline.json', `[${'{"a":1},'.repeat(2000)}1]`);
    const listing = await walk();
    expect(pathsOf(listing)).toEqual([
      '.env.example',
      'a.ts',
      'credentialsStore.ts',
      'mentions.ts',
    ]);
    expect(reasonsOf(listing)).toEqual({
      '.env': 'secret',
      '.env.local': 'secret',
      '.npmrc': 'secret',
      '.ssh/': 'secret',
      'app.js.map': 'generated',
      'app.min.js': 'generated',
      'aws-credentials.json': 'secret',
      'deploy.pem': 'secret',
      id_rsa: 'secret',
      'image.png': 'binary',
      'key.txt': 'secret',
      'made.go': 'generated',
      'made.ts': 'generated',
      'oneline.json': 'generated',
      'vault.kdbx': 'secret',
      'yarn.lock': 'generated',
    });
  });

  it('stays left out when an ignore file asks for a secret', async () => {
    await write('.lociignore', '!.env\n');
    await write('.env', 'TOKEN=1\n');
    expect(reasonsOf(await walk())).toEqual({ '.env': 'secret' });
  });

  it('includes a file over the limit, without reading it', async () => {
    await write('big.json', '1');
    // A sparse terabyte: reading it would never finish.
    await truncate(join(root, 'big.json'), 2 ** 40);
    await write('a.ts');
    const listing = await walk();
    expect(reasonsOf(listing)).toEqual({ 'big.json': 'too-large' });
    expect(pathsOf(listing)).toEqual(['a.ts']);
  });

  it('keeps to the limit that it is given', async () => {
    await write('a.ts', 'x\n'.repeat(50));
    expect(pathsOf(await walk({ maxFileBytes: 100 }))).toEqual(['a.ts']);
    expect(reasonsOf(await walk({ maxFileBytes: 99 }))).toEqual({ 'a.ts': 'too-large' });
  });
});

describe('symbolic links', () => {
  it('are not followed: out of the root, in circles, or anywhere', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'loci-outside-'));
    await writeFile(join(outside, 'secret.ts'), 'outside\n');
    await write('src/a.ts');
    await symlink(outside, join(root, 'out'));
    await symlink(join(outside, 'secret.ts'), join(root, 'leak.ts'));
    await symlink(root, join(root, 'src/loop'));
    await symlink(join(root, 'nowhere'), join(root, 'dangling.ts'));
    const listing = await walk();
    await rm(outside, { recursive: true });
    expect(pathsOf(listing)).toEqual(['src/a.ts']);
    expect(reasonsOf(listing)).toEqual({
      'dangling.ts': 'ignored',
      'leak.ts': 'ignored',
      out: 'ignored',
      'src/loop': 'ignored',
    });
  });

  it('may lead to the root itself', async () => {
    await write('real/a.ts');
    await symlink(join(root, 'real'), join(root, 'link'));
    const listing = await walkRepository([join(root, 'link')]);
    expect(pathsOf(listing)).toEqual(['a.ts']);
  });
});

describe('roots', () => {
  it('of several folders name their files, and one folder twice counts once', async () => {
    await writeAll('one/app/README.md', 'one/app/a.ts', 'two/app/a.ts', 'two/app/.env');
    const roots = ['one/app', 'two/app', 'one/app'].map((path) => join(root, path));
    const listing = await walkRepository(roots);
    expect(pathsOf(listing)).toEqual(['app/README.md', 'app/a.ts', 'app-2/a.ts']);
    expect(listing.files[2]?.absolutePath).toBe(join(root, 'two/app/a.ts'));
    expect(reasonsOf(listing)).toEqual({ 'app-2/.env': 'secret' });
  });

  it('that are missing or no folders are refused with a sentence', async () => {
    await write('file.ts');
    const code = async (path: string): Promise<string> =>
      walkRepository([join(root, path)]).then(
        () => 'listed',
        (error: unknown) => (error instanceof RepositoryError ? error.code : 'other'),
      );
    expect(await code('missing')).toBe('repository-not-found');
    expect(await code('file.ts/below')).toBe('repository-not-found');
    expect(await code('file.ts')).toBe('repository-not-a-directory');
    await expect(walkRepository([join(root, 'missing')])).rejects.toThrow(/does not exist\.$/);
  });

  it('without a readable file say why', async () => {
    const empty = await walk();
    expect(empty.files).toEqual([]);
    expect(describeEmptyListing([root], empty)).toContain('the folder is empty');
    await writeAll('.env', 'yarn.lock', 'bun.lock');
    expect(describeEmptyListing([root], await walk())).toContain(
      '1 may hold secrets, 2 generated.',
    );
  });
});

describe('cancellation', () => {
  it('rejects with the reason of the signal', async () => {
    for (let index = 0; index < 300; index++) await write(`${String(index)}.ts`);
    const reason = new Error('stop');
    await expect(walk({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const walking = walk({
      concurrency: 2,
      signal: controller.signal,
      onProgress: () => {
        controller.abort(reason);
      },
    });
    await expect(walking).rejects.toBe(reason);
  });

  it('lets other work run while a large folder is listed', async () => {
    for (let index = 0; index < 400; index++) await write(`${String(index)}.ts`);
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    await walk();
    clearInterval(timer);
    expect(turns).toBeGreaterThan(3);
  });
});
