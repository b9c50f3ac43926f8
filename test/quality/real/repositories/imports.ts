/** Finds which files of a repository import each other. */
import path from 'node:path';
import ts from 'typescript';
import type { Files } from './sources.ts';

/** Endings that an import may omit or write differently from the file's name. */
const endings = ['', '.ts', '.tsx', '.js', '.mjs', '.cjs', '/index.ts', '/index.js'];

/** The files of the repository that each file imports, by path. */
export function importsOf(files: Files): Map<string, Set<string>> {
  return new Map(
    [...files].map(([file, text]) => {
      const found = file.endsWith('.py')
        ? pythonImports(file, text, files)
        : scriptImports(file, text, files);
      return [file, new Set(found.filter((other) => other !== file))];
    }),
  );
}

function scriptImports(file: string, text: string, files: Files): string[] {
  return ts.preProcessFile(text, true, true).importedFiles.flatMap(({ fileName }) => {
    if (!fileName.startsWith('.')) return [];
    const base = path.posix.join(path.posix.dirname(file), fileName).replace(/\/$/u, '');
    const bases = [base, base.replace(/\.[cm]?jsx?$/u, '')];
    const found = bases.flatMap((one) => endings.map((ending) => one + ending));
    const target = found.find((one) => files.has(one));
    return target === undefined ? [] : [target];
  });
}

/** `from .a import b` refers to `a.py`, or to `a/b.py` if `a` is a folder. */
function pythonImports(file: string, text: string, files: Files): string[] {
  const found: string[] = [];
  const add = (module: string): void => {
    for (const one of [`${module}.py`, `${module}/__init__.py`])
      if (files.has(one)) found.push(one);
  };
  const statement =
    /^[ \t]*from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]+(?:\(([^)]*)\)|([^\n#]*))|^[ \t]*import[ \t]+([\w.]+)/gmu;
  for (const [, dots = '', module = '', many, few, plain] of text.matchAll(statement)) {
    const parts = (plain ?? module).split('.').filter((part) => part !== '');
    const above = dots === '' ? [] : file.split('/').slice(0, -dots.length);
    const target = [...above, ...parts].join('/');
    add(target);
    for (const [, name = ''] of (many ?? few ?? '').matchAll(/(?:^|,)\s*(\w+)/gu)) {
      add(`${target}/${name}`);
    }
  }
  return found;
}
