import { expect, it } from 'vitest';
import { readStaged } from './staged-files.ts';
import type { StagedFile } from './staged-files.ts';

const never = new AbortController().signal;

function file(path: string, enginePath: string | null = path): StagedFile {
  return { path, enginePath, whole: null };
}

/** The paths that are read, and what is put to the model. */
async function staged(
  files: readonly StagedFile[],
  excluded: readonly string[] = [],
  diff = (path: string): string => `diff of ${path}`,
): Promise<{ read: string[]; shown: Record<string, string | null> }> {
  const read: string[] = [];
  const found = await readStaged(
    files,
    excluded,
    (path) => {
      read.push(path);
      return Promise.resolve(diff(path));
    },
    never,
  );
  return { read, shown: Object.fromEntries(found.map(({ path, diff: text }) => [path, text])) };
}

it('never reads files with names of secrets, nor what the user excludes', async () => {
  const files = [
    file('src/a.ts'),
    file('.env'),
    file('config/prod.pem'),
    file('.aws/config'),
    file('docs/b.md'),
    file('x/c.ts', 'root/x/c.ts'),
    file('outside.ts', null),
  ];
  expect(await staged(files, ['docs/', 'root/x/c.ts'])).toEqual({
    read: ['src/a.ts', 'outside.ts'],
    shown: { 'src/a.ts': 'diff of src/a.ts', 'outside.ts': 'diff of outside.ts' },
  });
});

it('leaves out a change that holds a secret, in one line or in several', async () => {
  const token = ['ghp', 'x7Kq2LmZ9vRtY4bNc8WdPf3HsJ6aQe1UgT5o'].join('_');
  const body = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj';
  const diffs: Record<string, string> = {
    'a.ts': `@@ -1 +1 @@\n-const a = 1;\n+const a = '${token}';\n`,
    'b.ts': `+-----BEGIN PRIVATE KEY-----\n+${body}\n+-----END PRIVATE KEY-----\n`,
    'c.ts': '+const c = 1;\n',
  };
  const { shown } = await staged(
    Object.keys(diffs).map((path) => file(path)),
    [],
    (path) => diffs[path] ?? '',
  );
  expect(Object.keys(shown)).toEqual(['c.ts']);
});

it('only names generated and huge files', async () => {
  const files = [file('package-lock.json'), file('src/huge.ts'), file('a.ts')];
  const { read, shown } = await staged(files, [], (path) =>
    path === 'src/huge.ts' ? 'x'.repeat(300_000) : 'y',
  );
  expect(read).toEqual(['src/huge.ts', 'a.ts']);
  expect(shown).toEqual({ 'package-lock.json': null, 'src/huge.ts': null, 'a.ts': 'y' });
});

it('reads nothing of a file that is gone, and says so', async () => {
  const gone = { path: 'a.ts', enginePath: 'a.ts', whole: 'deleted file a.ts' };
  expect(await staged([gone])).toEqual({ read: [], shown: { 'a.ts': 'deleted file a.ts' } });
});

it('stops where it is cancelled', async () => {
  const abort = new AbortController();
  const reading = readStaged(
    [file('a.ts'), file('b.ts')],
    [],
    (path) => {
      abort.abort(new Error(`stopped at ${path}`));
      return Promise.resolve('');
    },
    abort.signal,
  );
  await expect(reading).rejects.toThrow('stopped at a.ts');
});
