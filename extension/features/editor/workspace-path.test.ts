import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { candidates, pathInRoots, resolveInside, type Root } from './workspace-path.ts';

let folder = '';
let root = '';
let only: readonly Root[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'loci-path-'));
  root = path.join(folder, 'repository');
  only = [{ name: '', path: root }];
  await mkdir(path.join(root, 'src'), { recursive: true });
  await writeFile(path.join(root, 'src', 'a.ts'), 'a');
  await writeFile(path.join(folder, 'outside.ts'), 'o');
  await symlink(path.join(folder, 'outside.ts'), path.join(root, 'src', 'link.ts'));
  await symlink(path.join(root, 'src', 'a.ts'), path.join(root, 'inner.ts'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('resolveInside', () => {
  it('finds a file of the only root', async () => {
    expect(await resolveInside('src/a.ts', only)).toBe(path.join(root, 'src', 'a.ts'));
  });

  it('takes the root from the first folder where there are several', async () => {
    const roots = [
      { name: 'other', path: path.join(folder, 'other') },
      { name: 'repository', path: root },
    ];
    expect(await resolveInside('repository/src/a.ts', roots)).toBe(path.join(root, 'src', 'a.ts'));
    expect(await resolveInside('src/a.ts', roots)).toBeNull();
  });

  it.each(['../outside.ts', 'src/../../outside.ts', '/etc/passwd', 'C:\\a.ts'])(
    'refuses %s',
    async (file) => {
      expect(candidates(file, only)).toEqual([]);
      expect(await resolveInside(file, only)).toBeNull();
    },
  );

  it('follows links inside the root, and none that lead out', async () => {
    expect(await resolveInside('inner.ts', only)).toBe(path.join(root, 'inner.ts'));
    expect(await resolveInside('src/link.ts', only)).toBeNull();
  });

  it('knows that a file is gone', async () => {
    expect(await resolveInside('src/gone.ts', only)).toBeNull();
  });

  it('tells roots of one name apart, and opens a root that is a link under its own name', async () => {
    const twin = path.join(folder, 'twin', 'repository');
    const link = path.join(folder, 'linked');
    await mkdir(path.join(twin, 'src'), { recursive: true });
    await writeFile(path.join(twin, 'src', 'a.ts'), 'twin');
    await symlink(root, link);
    const roots = [
      { name: 'repository', path: root },
      { name: 'repository-3', path: twin },
      { name: 'repository-2', path: link },
    ];
    expect(await resolveInside('repository/src/a.ts', roots)).toBe(path.join(root, 'src', 'a.ts'));
    expect(await resolveInside('repository-3/src/a.ts', roots)).toBe(
      path.join(twin, 'src', 'a.ts'),
    );
    expect(await resolveInside('repository-2/src/a.ts', roots)).toBe(
      path.join(link, 'src', 'a.ts'),
    );
  });
});

describe('pathInRoots', () => {
  it('is the path of the innermost root', () => {
    const roots = [
      { name: 'app', path: '/x/app' },
      { name: 'app-2', path: '/y/app' },
      { name: 'core', path: '/x/app/core' },
    ];
    expect(pathInRoots('/y/app/src/a.ts', roots)).toBe('app-2/src/a.ts');
    expect(pathInRoots('/x/app/core/a.ts', roots)).toBe('core/a.ts');
    expect(pathInRoots('/x/app/..a.ts', roots)).toBe('app/..a.ts');
    expect(pathInRoots('/x/apple/a.ts', roots)).toBeNull();
    expect(pathInRoots('/y/app/a.ts', [{ name: '', path: '/y/app' }])).toBe('a.ts');
  });
});
