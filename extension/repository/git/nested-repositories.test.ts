import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { walkRepository } from '../files/walk.ts';

let root = '';
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'loci-nested-')));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const git = (...args: string[]): void => {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@t'];
  execFileSync('git', [...identity, ...args], { cwd: root, stdio: 'ignore' });
};
const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};
const paths = async (): Promise<string[]> =>
  (await walkRepository([root])).files.map((file) => file.path).sort();

test('rules of the outer repository end at an inner one, whose own hold', async () => {
  git('init', '-q');
  git('init', '-q', 'inner');
  write('.gitignore', '*.ts\n');
  write('a.ts', 'a');
  write('inner/b.ts', 'b');
  write('inner/c.log', 'c');
  write('inner/.git/info/exclude', '*.log\n');
  expect(await paths()).toContain('inner/b.ts');
  expect(await paths()).not.toContain('a.ts');
  expect(await paths()).not.toContain('inner/c.log');
});

test('a linked work tree inside its repository is not read twice', async () => {
  git('init', '-q');
  write('a.ts', 'a');
  git('add', '.');
  git('commit', '-qm', 'a');
  git('worktree', 'add', '-q', 'other', '-b', 'other');
  expect(await paths()).toEqual(['a.ts']);
});

test('git’s own files are never read, whatever their folder’s name', async () => {
  git('init', '-q', '--bare', 'mirror.git');
  git('init', '-q', '--separate-git-dir', join(root, '.bare'), 'tree');
  write('tree/a.ts', 'a');
  expect(await paths()).toEqual(['tree/a.ts']);
});

test.runIf(process.platform !== 'win32')('a pipe as a rule file does not block', async () => {
  git('init', '-q');
  write('a.ts', 'a');
  rmSync(join(root, '.git/info/exclude'), { force: true });
  mkdirSync(join(root, '.git/info'), { recursive: true });
  mkdirSync(join(root, 'sub'));
  write('sub/b.ts', 'b');
  execFileSync('mkfifo', [join(root, '.git/info/exclude'), join(root, '.gitignore')]);
  expect(await paths()).toEqual(['a.ts', 'sub/b.ts']);
  const below = await walkRepository([join(root, 'sub')]);
  expect(below.files.map((file) => file.path)).toEqual(['b.ts']);
});
