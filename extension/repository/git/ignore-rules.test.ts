import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gitMissing } from '../../../test/fixtures/git-missing.ts';
import { toBytePath } from '../disk/byte-path.ts';
import { IgnoreRules } from './ignore-rules.ts';
import { patternCorpus } from '../../../test/fixtures/pattern-corpus.ts';

/** Whether a path or a folder above it is ignored. */
function isIgnored(rules: IgnoreRules, path: string): boolean {
  const segments = path.replace(/\/$/, '').split('/');
  return segments.some((_, index) => {
    const isFolder = index < segments.length - 1 || path.endsWith('/');
    return rules.verdict(toBytePath(segments.slice(0, index + 1).join('/')), isFolder) === true;
  });
}

function ignores(text: string, path: string, ignoreCase = false): boolean {
  return isIgnored(IgnoreRules.none(ignoreCase).extend('', toBytePath(text)), path);
}

describe('a line of an ignore file', () => {
  it.each([
    ['*.log', 'a/b.log', true],
    ['/a.ts', 'b/a.ts', false],
    ['a/b.ts', 'x/a/b.ts', false],
    ['**/b.ts', 'x/a/b.ts', true],
    ['a/**/b', 'a/b', true],
    ['a/**/b', 'a/x/y/b', true],
    ['a/*/b', 'a/x/y/b', false],
    ['dir/', 'dir', false],
    ['dir/', 'x/dir/', true],
    ['trailing  ', 'trailing', true],
    ['kept\\ ', 'kept ', true],
    ['tab\t', 'tab', false],
    ['\uFEFF*.ts', 'a.ts', true],
    ['a.ts\r\n*.js\r\n', 'a.ts', true],
    ['# a', '# a', false],
    ['\\#a', '#a', true],
    ['\\!a', '!a', true],
    ['*\n!a', 'a', false],
    ['*\n!a', 'b/a', true],
    ['[[:digit:]]x', '1x', true],
    ['[!a-c]x', 'dx', true],
    ['[^a-c]x', 'bx', false],
    ['[a', '[a', false],
    ['a\\', 'a\\', false],
    ['caf?', 'café', false],
    ['caf??', 'café', true],
    ['README', 'readme', false],
    ['', 'a', false],
    ['/', 'a', false],
    ['!', 'a', false],
  ])('%j, tested with %j: %j', (text, path, expected) => {
    expect(ignores(text, path)).toBe(expected);
  });

  it('folds the case of ASCII alone where names fold', () => {
    expect(ignores('README', 'readme', true)).toBe(true);
    expect(ignores('[A-C]x', 'bX', true)).toBe(true);
    expect(ignores('É', 'é', true)).toBe(false);
  });

  it('holds below its own folder, and deeper files decide', () => {
    const rules = IgnoreRules.none(false).extend('', '*.log\n').extend('a/', '!k.log\n/x\n');
    expect(isIgnored(rules, 'a/k.log')).toBe(false);
    expect(isIgnored(rules, 'b/k.log')).toBe(true);
    expect(isIgnored(rules, 'a/x')).toBe(true);
    expect(isIgnored(rules, 'a/b/x')).toBe(false);
    expect(isIgnored(rules, 'ab/x')).toBe(false);
  });

  it('is found among very many', () => {
    const lines = Array.from({ length: 100_000 }, (_, index) => `/folder/name-${String(index)}.ts`);
    const rules = IgnoreRules.none(false).extend('', [...lines, '!/folder/name-7.ts'].join('\n'));
    const startedAt = performance.now();
    const ignored = lines.filter((line) => rules.verdict(line.slice(1), false) === true);
    expect(ignored).toHaveLength(lines.length - 1);
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });

  it('takes no time that grows beyond its length, however many stars', () => {
    const path = 'a/'.repeat(200);
    const startedAt = performance.now();
    expect(ignores(`${'**/a/'.repeat(60)}b`, `${path}c`)).toBe(false);
    expect(ignores(`${'a*'.repeat(60)}b`, 'a'.repeat(400))).toBe(false);
    expect(ignores(`${'*a'.repeat(60)}/b`, `${'a'.repeat(200)}/c`)).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(3000);
  });
});

describe.skipIf(gitMissing)('300 patterns, each as git takes them', () => {
  const folders = ['dir/', 'a/', 'a/b/', 'a/b/dir/', 'src/', 'src/dir/', 'a b/', 'Build/'];
  const names = [
    ...['a', 'b', 'ab', 'abc', 'x.log', 'X.LOG', 'a b', 'a ', '#a', '!a', 'a.ts', 'a.tsx', '1x'],
    ...['café', 'é', '[a]', 'a-b', 'a]', '-', 'a*', 'dir.x', '.a', 'a\tb', 'a^', '日本'],
  ];
  const paths = [
    ...folders,
    ...['', 'dir/', 'a/', 'a/b/', 'src/dir/'].flatMap((folder) =>
      names.map((name) => folder + name),
    ),
  ];
  let root: string;

  beforeAll(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'loci-patterns-')));
    execFileSync('git', ['-C', root, 'init', '-q']);
    for (const [index, text] of patternCorpus.entries()) {
      for (const folder of folders) {
        mkdirSync(join(root, `p${String(index)}`, folder), { recursive: true });
      }
      writeFileSync(join(root, `p${String(index)}`, '.gitignore'), text);
    }
  }, 60_000);

  afterAll(() => {
    rmSync(root, { recursive: true, force: true });
  }, 60_000);

  it('are there', () => {
    expect(new Set(patternCorpus).size).toBe(patternCorpus.length);
    expect(patternCorpus.length).toBeGreaterThanOrEqual(300);
  });

  it.each([false, true])('with core.ignoreCase %j', (ignoreCase) => {
    const asked = patternCorpus.flatMap((_, index) =>
      paths
        // A path that exists as a folder cannot also be tested as a file.
        .filter((path) => path.endsWith('/') || !folders.includes(`${path}/`))
        .map((path) => `p${String(index)}/${path}`),
    );
    const options = ['-c', `core.ignoreCase=${String(ignoreCase)}`, '-c', 'core.excludesFile='];
    const answer = execFileSync(
      'git',
      ['-C', root, ...options, 'check-ignore', '--no-index', '-z', '-v', '-n', '--stdin'],
      { input: asked.map((path) => `${path.replace(/\/$/, '')}\0`).join(''), maxBuffer: 1 << 28 },
    );
    const fields = answer.toString('utf8').split('\0');
    const wrong: string[] = [];
    let ignored = 0;
    for (const [index, path] of asked.entries()) {
      const pattern = fields[index * 4 + 2] ?? '';
      const expected = pattern !== '' && !pattern.startsWith('!');
      const [, number = '', rest = ''] = /^p(\d+)\/(.*)$/s.exec(path) ?? [];
      const text = patternCorpus[Number(number)] ?? '';
      ignored += Number(expected);
      if (ignores(text, rest, ignoreCase) !== expected) {
        wrong.push(`${JSON.stringify(text)} with ${JSON.stringify(rest)}: git ${String(expected)}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(fields).toHaveLength(asked.length * 4 + 1);
    expect(ignored).toBeGreaterThan(2000);
  });
});
