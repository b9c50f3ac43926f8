import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fullRun } from '../../../tools/full-run.ts';
import { fromRoot } from '../../../../scripts/support/paths.mjs';
import { readFolder, writeFolder } from '../repositories/fetch.ts';
import type { Files } from '../repositories/sources.ts';
import { readJavaScript } from './javascript.ts';
import type { Piece } from './pieces.ts';
import { isOwnModule, isOwnSpecifier } from './paths.ts';
import { readPython } from './python.ts';
import { renameRepository } from './rename.ts';
import type { Renamed } from './rename.ts';

/** Our own code, so that no package is needed. */
const typescript: Files = new Map(
  [...(await readFolder(fromRoot('extension', 'repository')))].filter(([file]) =>
    file.endsWith('.ts'),
  ),
);
const python: Files = new Map(
  [...(await readFolder(fromRoot('test', 'tools', 'training')))].filter(([file]) =>
    file.endsWith('.py'),
  ),
);
const cases = [
  ['TypeScript', typescript],
  ['Python', python],
] as const;
const rename = (files: Files, seed = 1): Renamed => renameRepository(files, { seed, name: 'loci' });

function piecesOf(file: string, text: string, files: Files): readonly Piece[] {
  const { pieces } = file.endsWith('.py')
    ? readPython(text, (module) => isOwnModule(module, files))
    : readJavaScript(file, text, (specifier) => isOwnSpecifier(specifier, 'loci'));
  return pieces;
}

function namesIn(files: Files): Set<string> {
  const names = new Set<string>();
  for (const [file, text] of files) {
    for (const { kind, from, to } of piecesOf(file, text, files)) {
      if (kind === 'name') names.add(text.slice(from, to));
    }
  }
  return names;
}

function parseErrors(files: Files): string[] {
  return [...files].flatMap(([file, text]) => {
    const { diagnostics = [] } = ts.transpileModule(text, {
      fileName: file,
      reportDiagnostics: true,
    });
    return diagnostics.map(({ messageText }) => `${file}: ${JSON.stringify(messageText)}`);
  });
}

function hasPython(): boolean {
  try {
    execFileSync('python3', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe.each(cases)('renaming a repository of %s', (_, files) => {
  const renamed = rename(files);

  it('is the same twice, and another by another seed', () => {
    const again = rename(files);
    expect([...again.files]).toEqual([...renamed.files]);
    expect([...again.paths]).toEqual([...renamed.paths]);
    const other = rename(files, 2);
    const same = [...other.words].filter(([word, to]) => renamed.words.get(word) === to);
    expect(same.length).toBeLessThan(renamed.words.size / 20);
  });

  it('keeps the layout: files, lines, indentation and the bracket each line begins with', () => {
    expect(renamed.files.size).toBe(files.size);
    for (const [from, to] of renamed.paths) {
      const before = (files.get(from) ?? '').split('\n');
      const after = (renamed.files.get(to) ?? '').split('\n');
      const shape = (line: string): string => /^[\s()[\]{}]*/u.exec(line)?.[0] ?? '';
      expect(after.map(shape)).toEqual(before.map(shape));
    }
  });

  it('leaves no name that is not kept, in code, strings, comments or paths', () => {
    const gone = [...namesIn(files)].filter(
      (name) =>
        !renamed.kept.has(name) && !/^__\w+__$/u.test(name) && /[a-z]{2}|[A-Z]{2}/u.test(name),
    );
    expect(gone.length).toBeGreaterThan(200);
    const left = new Set<string>();
    for (const [file, text] of renamed.files) {
      // Check the pieces only, so that names imported from other packages may stay, and skip
      // patterns, whose short words stay.
      let rest = file;
      for (const { kind, from, to } of piecesOf(file, text, renamed.files)) {
        if (kind !== 'pattern') rest += ` ${text.slice(from, to)}`;
      }
      for (const [name] of rest.matchAll(/[A-Za-z_]\w*/gu)) left.add(name);
    }
    expect(gone.filter((name) => left.has(name))).toEqual([]);
  });

  it('gives no two names the same one', () => {
    const names = namesIn(files);
    expect(namesIn(renamed.files).size).toBe(names.size);
    expect(new Set(renamed.words.values()).size).toBe(renamed.words.size);
    for (const word of renamed.words.values()) expect(renamed.words.has(word)).toBe(false);
  });

  it('renames every file that has a name of its own, and no two to the same', () => {
    expect(new Set(renamed.paths.values()).size).toBe(files.size);
    for (const [from, to] of renamed.paths) {
      expect(path.extname(to)).toBe(path.extname(from));
      expect(to.split('/')).toHaveLength(from.split('/').length);
    }
    const stayed = [...renamed.paths].filter(([from, to]) => from === to);
    expect(stayed.length).toBeLessThan(files.size / 10);
  });
});

describe('what is renamed', () => {
  it.runIf(fullRun)('parses as TypeScript, and its imports lead to its files', () => {
    const { files } = rename(typescript);
    expect(parseErrors(typescript)).toEqual([]);
    expect(parseErrors(files)).toEqual([]);
    let imports = 0;
    for (const [file, text] of files) {
      for (const { fileName: specifier } of ts.preProcessFile(text).importedFiles) {
        if (!specifier.startsWith('./')) continue;
        const target = path.posix.join(path.posix.dirname(file), specifier);
        expect(files.has(target), `${file}: ${specifier}`).toBe(true);
        imports++;
      }
    }
    expect(imports).toBeGreaterThan(50);
  });

  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'loci-renamed-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.skipIf(!hasPython())('compiles as Python', async () => {
    await writeFolder(rename(python).files, folder);
    const files = [...rename(python).files.keys()].map((file) => path.join(folder, file));
    execFileSync('python3', ['-m', 'py_compile', ...files]);
  });
});
