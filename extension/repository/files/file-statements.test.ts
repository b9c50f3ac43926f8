import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
import { encode } from '../../../test/fixtures/encode.ts';
import { RepositoryScript } from '../../../test/fixtures/repository-script.ts';
import { statementsOf } from './file-statements.ts';
import { readText } from './read.ts';
import { walkRepository } from './walk.ts';

test.each<[state: string | boolean | undefined, expected: boolean | null]>([
  [undefined, null],
  [true, true],
  ['true', true],
  ['', true],
  ['yes', true],
  [false, false],
  ['false', false],
])('linguist-generated of %j is %j', (state, expected) => {
  const stated = statementsOf('a', [], (name) =>
    name === 'linguist-generated' ? state : undefined,
  );
  expect(stated).toEqual({ encoding: null, generated: expected });
});

test.each<[inTree: unknown, shown: unknown, expected: string | null]>([
  [undefined, undefined, 'koi8-r'],
  ['CP1251', undefined, 'windows-1251'],
  [undefined, 'shift-jis', 'shift_jis'],
  ['CP1251', 'shift-jis', 'windows-1251'],
  ['klingon', 'shift-jis', 'shift_jis'],
  ['klingon', undefined, 'koi8-r'],
  ['UTF-8', undefined, null],
  ['UTF-16LE-BOM', undefined, 'utf-16le'],
  [true, false, 'koi8-r'],
])('working-tree-encoding=%j, encoding=%j: %j', (inTree, shown, expected) => {
  const states = new Map<string, unknown>([
    ['working-tree-encoding', inTree],
    ['encoding', shown],
  ]);
  const user = [{ root: null, names: [], encoding: 'koi8-r' }];
  const stated = statementsOf('a', user, (name) => states.get(name) as string | undefined);
  expect(stated.encoding).toBe(expected);
});

const hasGit = (() => {
  try {
    execFileSync('git', ['--version']);
    return true;
  } catch {
    return false;
  }
})();

let base: string;
let script: RepositoryScript;

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'loci-statements-')));
  mkdirSync(join(base, 'home'));
  script = new RepositoryScript(join(base, 'root'), join(base, 'home'));
  vi.stubEnv('HOME', script.home);
  vi.stubEnv('XDG_CONFIG_HOME', `${script.home}/.config`);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(base, { recursive: true, force: true });
});

/** The files that are read (without rule files), and why generated files are left out. */
async function listingOf(folder = script.folder): Promise<Record<string, string>> {
  const { files, skipped } = await walkRepository([folder]);
  return Object.fromEntries([
    ...files
      .filter(({ path }) => !path.endsWith('.gitattributes'))
      .map(({ path }) => [path, 'read']),
    ...skipped.map(({ path, reason, detail }) => [path, detail ?? reason]),
  ]) as Record<string, string>;
}

const marked = 'is marked as generated in .gitattributes';
const named = 'has a name that suggests a generated file';
const says = 'states that it is generated: @generated';

/** A git repository if there is git, else a folder that looks like one; the answer is the same. */
const places: readonly [name: string, prepare: () => void, runs: boolean][] = [
  [
    'in a repository, with git',
    () => {
      script.init();
    },
    hasGit,
  ],
  [
    'in a repository, without git',
    () => {
      script.init();
      vi.stubEnv('PATH', '');
    },
    hasGit,
  ],
  ['in no repository', () => undefined, true],
];

describe.each(places)('.gitattributes %s', (_name, prepare, runs) => {
  it.runIf(runs)('marks files as generated, or as written though they look generated', async () => {
    prepare();
    script.write('.gitattributes', '*.gen.ts linguist-generated\nyarn.lock -linguist-generated\n');
    script.append(
      '.gitattributes',
      'made/** linguist-generated=true\nmade/kept.ts linguist-generated=false\n',
    );
    script.append('.gitattributes', 'tool/*.ts -linguist-generated\n');
    script.write('tool/.gitattributes', 'last.ts linguist-generated\n');
    script.writeAll('a.ts', 'b.gen.ts', 'yarn.lock', 'pnpm-lock.yaml', 'deep/c.gen.ts');
    script.writeAll('made/a.ts', 'made/kept.ts', 'tool/last.ts');
    script.write('tool/marker.ts', '// @generated\nlet a;\n');
    script.write('marker.ts', '// @generated\nlet a;\n');
    const expected = {
      'a.ts': 'read',
      'b.gen.ts': marked,
      'deep/c.gen.ts': marked,
      'made/a.ts': marked,
      'made/kept.ts': 'read',
      'marker.ts': says,
      'pnpm-lock.yaml': named,
      'tool/last.ts': marked,
      'tool/marker.ts': 'read',
      'yarn.lock': 'read',
    };
    expect(await listingOf()).toEqual(expected);
    const { files } = await walkRepository([script.folder]);
    const marker = files.find(({ path }) => path === 'tool/marker.ts');
    expect(marker === undefined ? null : (await readText(marker)).ok).toBe(true);
  });

  it.runIf(runs)('says what files are in', async () => {
    prepare();
    script.write('.gitattributes', '*.c working-tree-encoding=CP1251\n*.h encoding=koi8-r\n');
    writeFileSync(join(script.folder, 'a.c'), encode('// да\n', 'windows-1251'));
    writeFileSync(join(script.folder, 'a.h'), encode('// да\n', 'koi8-r'));
    const { files } = await walkRepository([script.folder]);
    const sources = files.filter(({ path }) => path.startsWith('a.'));
    const texts = await Promise.all(sources.map((file) => readText(file)));
    expect(texts.map((text) => text.ok && text.text)).toEqual(['// да\n', '// да\n']);
  });

  it.runIf(runs)('never takes a secret in', async () => {
    prepare();
    script.write('.gitattributes', '* -linguist-generated\n');
    script.writeAll('id_rsa', 'a.ts');
    const listing = await listingOf();
    expect(listing['a.ts']).toBe('read');
    expect(listing['id_rsa']).toContain('keys');
  });
});

describe.runIf(hasGit)('attributes around a root', () => {
  it('hold from the top of the work tree on, but not in a repository inside', async () => {
    script.init();
    script.write('.gitattributes', '*.ts linguist-generated\n/pkg/b.js linguist-generated\n');
    script.writeAll('pkg/a.ts', 'pkg/b.js', 'pkg/deep/b.js', 'pkg/own/a.ts');
    script.init('pkg/own');
    expect(await listingOf(join(script.folder, 'pkg'))).toEqual({
      'a.ts': marked,
      'b.js': marked,
      'deep/b.js': 'read',
      'own/a.ts': 'read',
    });
  });

  it('are the user’s own before and info/attributes after all others', async () => {
    script.init();
    script.writeAll('a.ts', 'b.ts', 'c.ts');
    mkdirSync(join(script.home, '.config', 'git'), { recursive: true });
    writeFileSync(join(script.home, '.config', 'git', 'attributes'), '*.ts linguist-generated\n');
    script.write('.gitattributes', 'b.ts -linguist-generated\nc.ts linguist-generated\n');
    script.write('.git/info/attributes', 'c.ts -linguist-generated\n');
    expect(await listingOf()).toEqual({ 'a.ts': marked, 'b.ts': 'read', 'c.ts': 'read' });
    script.git('', 'config', 'core.attributesFile', join(script.folder, '.git', 'none'));
    expect(await listingOf()).toEqual({ 'a.ts': 'read', 'b.ts': 'read', 'c.ts': 'read' });
  });

  it.skipIf(process.platform === 'win32')(
    'are not read through a link, as git has it',
    async () => {
      script.init();
      script.write('rules', '*.ts linguist-generated\n');
      script.write('a.ts');
      symlinkSync('rules', join(script.folder, '.gitattributes'));
      expect(await listingOf()).toMatchObject({ 'a.ts': 'read' });
    },
  );
});
