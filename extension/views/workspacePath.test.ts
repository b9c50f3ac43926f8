import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { candidates, resolveInside } from './workspacePath.ts';

let folder = '';
let root = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'loci-path-'));
  root = path.join(folder, 'repository');
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
    expect(await resolveInside('src/a.ts', [root])).toBe(path.join(root, 'src', 'a.ts'));
  });

  it('takes the root from the first folder where there are several', async () => {
    const other = path.join(folder, 'other');
    expect(await resolveInside('repository/src/a.ts', [other, root])).toBe(
      path.join(root, 'src', 'a.ts'),
    );
    expect(await resolveInside('src/a.ts', [other, root])).toBeNull();
  });

  it.each(['../outside.ts', 'src/../../outside.ts', '/etc/passwd', 'C:\\a.ts', 'src\\..\\a.ts'])(
    'refuses %s',
    async (file) => {
      expect(candidates(file, [root])).toEqual([]);
      expect(await resolveInside(file, [root])).toBeNull();
    },
  );

  it('follows links inside the root, and none that lead out', async () => {
    expect(await resolveInside('inner.ts', [root])).toBe(path.join(root, 'inner.ts'));
    expect(await resolveInside('src/link.ts', [root])).toBeNull();
  });

  it('knows that a file is gone', async () => {
    expect(await resolveInside('src/gone.ts', [root])).toBeNull();
  });
});
