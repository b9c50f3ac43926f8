import { expect, it } from 'vitest';
import type { OpenResult } from '../../protocol/requests/open.ts';
import { ChangedFiles } from './changed-files.ts';
import { openResult } from '../../../test/fixtures/open-result.ts';

function read(change: Partial<OpenResult> = {}): OpenResult {
  return openResult({
    roots: [{ name: '', path: '/repo' }],
    files: ['a.ts', 'lib/b.ts', 'lib/c.ts'].map((path) => ({ path, tokens: 1, kept: 1 })),
    skipped: [
      { path: 'node_modules/', reason: 'ignored' },
      { path: '.env', reason: 'secret' },
    ],
    ...change,
  });
}

async function start(
  result = read(),
  since: ReadonlySet<string> = new Set(),
): Promise<{ disk: Map<string, string>; files: ChangedFiles; counts: number[] }> {
  const disk = new Map(
    ['/repo/a.ts', '/repo/lib/b.ts', '/repo/lib/c.ts', '/two/x/a.ts'].map((path) => [path, path]),
  );
  const counts: number[] = [];
  const files = new ChangedFiles({
    fingerprint: (path) => Promise.resolve(disk.get(path) ?? null),
    onChange: (count) => counts.push(count),
  });
  await files.reset(result, since);
  return { disk, files, counts };
}

it('counts a file once, however often it changes, and not once it has changed back', async () => {
  const { disk, files, counts } = await start();
  disk.set('/repo/a.ts', 'new');
  await files.look(['/repo/a.ts']);
  disk.set('/repo/a.ts', 'newer');
  await files.look(['/repo/a.ts', '/repo/a.ts']);
  expect(files.count).toBe(1);
  disk.set('/repo/a.ts', '/repo/a.ts');
  await files.look(['/repo/a.ts']);
  expect(counts).toEqual([1, 0]);
});

it('names the files that changed as the engine does, but not those that it never read', async () => {
  const roots = [
    { name: 'one', path: '/repo' },
    { name: 'x', path: '/two/x' },
  ];
  const named = ['one/lib/b.ts', 'x/a.ts'].map((path) => ({ path, tokens: 1, kept: 1 }));
  const { disk, files } = await start(read({ roots, files: named }));
  disk.set('/two/x/a.ts', 'new');
  disk.delete('/repo/lib/b.ts');
  disk.set('/repo/new.ts', 'text');
  await files.look(['/two/x/a.ts', '/repo/lib/b.ts', '/repo/new.ts']);
  expect(files.count).toBe(3);
  expect(files.paths.toSorted()).toEqual(['one/lib/b.ts', 'x/a.ts']);
  await files.clear();
  expect(files.paths).toEqual([]);
});

it('does not count a file that was only touched', async () => {
  const { files, counts } = await start();
  await files.look(['/repo/a.ts', '/repo/lib/b.ts']);
  expect(counts).toEqual([]);
});

it('counts what was deleted, each file of a folder, and what was created', async () => {
  const { disk, files } = await start();
  disk.delete('/repo/lib/b.ts');
  disk.delete('/repo/lib/c.ts');
  await files.look(['/repo/lib']);
  expect(files.count).toBe(2);
  disk.set('/repo/new.ts', 'text');
  await files.look(['/repo/new.ts']);
  expect(files.count).toBe(3);
  disk.delete('/repo/new.ts');
  await files.look(['/repo/new.ts']);
  expect(files.count).toBe(2);
});

it('does not count what was left out, or what is no text file', async () => {
  const { disk, files } = await start();
  disk.set('/repo/node_modules/x/index.js', 'text');
  disk.set('/repo/.env', 'SECRET=1');
  await files.look(['/repo/node_modules/x/index.js', '/repo/.env', '/repo/image.png']);
  expect(files.count).toBe(0);
});

it('begins anew with each reading, with what changed while it read', async () => {
  const { disk, files } = await start();
  disk.set('/repo/a.ts', 'new');
  await files.look(['/repo/a.ts']);
  await files.reset(read(), new Set());
  expect(files.count).toBe(0);
  await files.look(['/repo/a.ts']);
  expect(files.count).toBe(0);
  await files.reset(read(), new Set(['/repo/lib/b.ts', '/repo/lib']));
  expect(files.count).toBe(1);
});

it('keeps what has changed of the files that a memory had before the rest was read', async () => {
  const first = read({ files: [{ path: 'a.ts', tokens: 1, kept: 1 }] });
  const { disk, files } = await start(first);
  for (const path of ['/repo/a.ts', '/repo/lib/b.ts', '/repo/lib/c.ts', '/repo/new.ts']) {
    disk.set(path, 'new');
  }
  await files.look(['/repo/a.ts', '/repo/lib/b.ts', '/repo/new.ts']);
  expect(files.count).toBe(3);
  // b.ts was read as it is now, c.ts changed after it was read, and new.ts was not listed.
  await files.extend(read(), new Set(['/repo/lib/c.ts']));
  expect(files.count).toBe(3);
  disk.set('/repo/a.ts', '/repo/a.ts');
  await files.look(['/repo/a.ts', '/repo/lib/b.ts']);
  expect(files.count).toBe(2);
});

it('knows the files of several roots by their names', async () => {
  const roots = [
    { name: 'one', path: '/repo' },
    { name: 'two', path: '/two/x' },
  ];
  const paths = ['one/a.ts', 'two/a.ts'].map((path) => ({ path, tokens: 1, kept: 1 }));
  const { disk, files } = await start(read({ roots, files: paths, skipped: [] }));
  disk.set('/two/x/a.ts', 'new');
  await files.look(['/two/x/a.ts', '/repo/a.ts']);
  expect(files.count).toBe(1);
});

it('counts nothing without a memory', async () => {
  const { disk, files, counts } = await start();
  disk.set('/repo/a.ts', 'new');
  await files.look(['/repo/a.ts']);
  await files.clear();
  await files.look(['/repo/a.ts']);
  expect(counts).toEqual([1, 0]);
});

it('counts what a restored memory says has changed, new files among it, until the next reading', async () => {
  const { disk, files } = await start(read({ restored: true, changed: ['a.ts', 'new.ts'] }));
  expect(files.count).toBe(2);
  disk.set('/repo/lib/c.ts', 'other');
  await files.look(['/repo/lib/c.ts']);
  expect(files.count).toBe(3);
  await files.reset(read(), new Set());
  expect(files.count).toBe(0);
});
