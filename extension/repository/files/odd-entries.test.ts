import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { gitMissing } from '../../../test/fixtures/git-missing.ts';
import { walkRepository } from './walk.ts';
import { type Listing } from './listing.ts';

const unix = process.platform !== 'win32';
let base: string;
let root: string;
const servers: Server[] = [];

beforeEach(async () => {
  // Short, because socket paths are limited in length.
  base = await realpath(await mkdtemp(join(tmpdir(), 'lo-')));
  root = join(base, 'around', 'root');
  await mkdir(root, { recursive: true });
});

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const server of servers.splice(0)) server.close();
  await rm(base, { recursive: true, force: true });
});

async function write(path: string | Buffer, text = 'text\n'): Promise<void> {
  if (typeof path === 'string') await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(typeof path === 'string' ? join(root, path) : path, text);
}

function pathsOf(listing: Listing): string[] {
  return listing.files.map(({ path }) => path).sort();
}

function reasonsOf(listing: Listing): Record<string, string> {
  return Object.fromEntries(listing.skipped.map(({ path, reason }) => [path, reason]));
}

function git(at: string, ...args: readonly string[]): string {
  return execFileSync('git', ['-C', at, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
    encoding: 'utf8',
  });
}

/** Everything that may exist in place of a settings file. */
const oddThings: Readonly<Record<string, (path: string) => Promise<void>>> = {
  'a pipe': (path) => {
    execFileSync('mkfifo', [path]);
    return Promise.resolve();
  },
  'a socket': async (path) => {
    const server = createServer();
    servers.push(server);
    await new Promise<void>((done) => server.listen(path, done));
  },
  'a folder': async (path) => {
    await mkdir(join(path, 'below'), { recursive: true });
  },
  'a link to a device': (path) => symlink('/dev/zero', path),
  'a link to a terminal': (path) => symlink('/dev/tty', path),
  'a link to a pipe': async (path) => {
    execFileSync('mkfifo', [`${path}-target`]);
    await symlink(`${path}-target`, path);
  },
  'a link to itself': (path) => symlink(path, path),
  'a link to nothing': (path) => symlink('/nonexistent/file', path),
};

const places = [
  '.git',
  '.gitignore',
  '.lociignore',
  'sub/.git',
  'sub/.gitignore',
  '../.git',
  '../.gitignore',
  '../.git/HEAD',
  '../.git/commondir',
  '.git/info/exclude',
  '.git/config',
  '.git/index',
  '.git/HEAD',
  '.git/commondir',
  '.git/worktrees',
  'bare/HEAD',
];

describe.runIf(unix)('what is no file, where a file of settings is expected', () => {
  const cases = Object.keys(oddThings).flatMap((thing) =>
    places.map((place) => ({ thing, place })),
  );

  it.each(cases)('$place is $thing', { timeout: 10_000 }, async ({ thing, place }) => {
    await write('a.ts');
    await write('sub/b.ts');
    if (!place.startsWith('../') && !gitMissing) {
      git(root, 'init', '-q');
    }
    if (place.startsWith('../.git/') && !gitMissing) {
      git(dirname(root), 'init', '-q');
    }
    if (place.startsWith('bare/')) {
      await mkdir(join(root, 'bare/objects'), { recursive: true });
      await mkdir(join(root, 'bare/refs'), { recursive: true });
    }
    const target = join(root, place);
    await mkdir(dirname(target), { recursive: true });
    await rm(target, { recursive: true, force: true });
    await oddThings[thing]?.(target);
    const { PATH } = process.env;
    for (const path of [PATH ?? '', join(base, 'nothing')]) {
      vi.stubEnv('PATH', path);
      expect(pathsOf(await walkRepository([root]))).toEqual(['a.ts', 'sub/b.ts']);
    }
  });
});

describe.runIf(unix && !gitMissing)('a setting that names a pipe', () => {
  it.each(['include.path', 'core.excludesFile', 'core.attributesFile'])(
    '%s does not hold the listing up',
    { timeout: 10_000 },
    async (setting) => {
      await write('a.ts');
      git(root, 'init', '-q');
      execFileSync('mkfifo', [join(base, 'pipe')]);
      git(root, 'config', setting, join(base, 'pipe'));
      expect(pathsOf(await walkRepository([root]))).toEqual(['a.ts']);
    },
  );

  it('goes unread however files include each other', { timeout: 10_000 }, async () => {
    await write('a.ts');
    git(root, 'init', '-q');
    await write('.git/config', '[include]\n\tpath = config\n\tpath = config\n');
    expect(pathsOf(await walkRepository([root]))).toEqual(['a.ts']);
  });
});

describe('large files of rules', () => {
  const filler = `# ${'x'.repeat(1000)}\n`.repeat(3000);

  it.each(['.gitignore', '.lociignore', '.git/info/exclude'])('hold: %s', async (place) => {
    if (!gitMissing) git(root, 'init', '-q');
    await write('.git/HEAD', 'ref: refs/heads/main\n');
    await mkdir(join(root, '.git/objects'), { recursive: true });
    await mkdir(join(root, '.git/refs'), { recursive: true });
    await write(place, `${filler}*.log\n`);
    await write('a.ts');
    await write('b.log');
    const { PATH } = process.env;
    for (const path of [PATH ?? '', join(base, 'nothing')]) {
      vi.stubEnv('PATH', path);
      const listing = await walkRepository([root]);
      expect(reasonsOf(listing)['b.log']).toBe('ignored');
      expect(pathsOf(listing)).toEqual(['a.ts']);
    }
  });

  it.each(['.gitignore', '.lociignore', 'sub/.gitignore', '../.gitignore'])(
    'beyond any measure are refused aloud: %s',
    async (place) => {
      for (const folder of ['.git/objects', '.git/refs']) {
        await mkdir(join(root, '..', folder), { recursive: true });
      }
      await write('../.git/HEAD', 'ref: refs/heads/main\n');
      await write('a.ts');
      await write(place, '');
      await truncate(join(root, place), 2 ** 40);
      vi.stubEnv('PATH', join(base, 'nothing'));
      await expect(walkRepository([root])).rejects.toThrow(
        /ignore is larger than 16 MiB, so Loci cannot tell which files to skip\.$/,
      );
    },
  );
});

describe.runIf(process.platform === 'linux')('names that are not UTF-8', () => {
  const latin1 = (path: string): Buffer =>
    Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, 'latin1')]);

  async function writeNames(): Promise<void> {
    await write('a.ts');
    await write('é.ts');
    await write('src/b.ts');
    await write('.gitignore', '*.log\n');
    await write(latin1('caf\xe9.ts'));
    await write(latin1('caf\xe8.ts'));
    await write(latin1('src/\xff.ts'));
    await write(latin1('src/\xff.log'));
    await mkdir(latin1('d\xe9j\xe0'));
    await write(latin1('d\xe9j\xe0/c.ts'));
    await write(latin1('d\xe9j\xe0/c.log'));
    await mkdir(latin1('d\xe9j\xe0/sub'));
    await write(latin1('d\xe9j\xe0/sub/e.ts'));
  }

  it.each(['in a repository', 'in a plain folder'])(
    'are left out as unreadable, each by its name, %s',
    async (where) => {
      if (where === 'in a repository' && !gitMissing) git(root, 'init', '-q');
      await writeNames();
      const { PATH } = process.env;
      for (const path of [PATH ?? '', join(base, 'nothing')]) {
        vi.stubEnv('PATH', path);
        const listing = await walkRepository([root]);
        expect(pathsOf(listing)).toEqual(['.gitignore', 'a.ts', 'src/b.ts', 'é.ts']);
        expect(reasonsOf(listing)).toEqual({
          'caf\\xE9.ts': 'unreadable',
          'caf\\xE8.ts': 'unreadable',
          'src/\\xFF.ts': 'unreadable',
          'src/\\xFF.log': 'ignored',
          'd\\xE9j\\xE0/c.ts': 'unreadable',
          'd\\xE9j\\xE0/c.log': 'ignored',
          'd\\xE9j\\xE0/sub/e.ts': 'unreadable',
        });
      }
    },
  );

  it('are matched byte by byte', async () => {
    await writeFile(latin1('.gitignore'), Buffer.from('caf\xe9*\n', 'latin1'));
    await writeNames();
    await writeFile(latin1('.gitignore'), Buffer.from('caf\xe9*\n', 'latin1'));
    const reasons = reasonsOf(await walkRepository([root]));
    expect(reasons['caf\\xE9.ts']).toBe('ignored');
    expect(reasons['caf\\xE8.ts']).toBe('unreadable');
  });
});
