import { expect, it } from 'vitest';
import { importedFiles } from './imported-files.ts';
import { PathResolver } from './path-resolver.ts';

const paths = [
  'src/app.ts',
  'src/api/client.ts',
  'src/api/index.ts',
  'src/util.tsx',
  'lib/util.ts',
  'lib/deep/once.ts',
  'pkg/__init__.py',
  'pkg/models.py',
  'pkg/sub/views.py',
  'include/engine/core.h',
  'include/a/same.h',
  'include/b/same.h',
  'crate/src/store.rs',
  'java/com/example/Thing.java',
];
const resolver = new PathResolver(paths);
const importsOf = (path: string, ...lines: string[]): string[] =>
  importedFiles(path, `${lines.join('\n')}\n`, resolver);

it('finds what a script imports, beside it, above it and by the end of a path', () => {
  expect(
    importsOf(
      'src/app.ts',
      "import { a } from './api/client.ts';",
      "import { b } from './util.js';",
      "import c from '../lib/util';",
      "import * as d from './api';",
      "import { e } from '@/deep/once';",
      "import { f } from 'react';",
      "import { g } from '../../outside/util';",
    ),
  ).toEqual([
    'src/api/client.ts',
    'src/util.tsx',
    'lib/util.ts',
    'src/api/index.ts',
    'lib/deep/once.ts',
  ]);
});

it('finds modules by dotted names, from the file and from the root', () => {
  expect(
    importsOf('pkg/sub/views.py', 'import os', 'from ..models import User', 'from pkg import x'),
  ).toEqual(['pkg/models.py', 'pkg/__init__.py']);
  expect(importsOf('crate/src/main.rs', 'use crate::store::Store;')).toEqual([
    'crate/src/store.rs',
  ]);
  expect(importsOf('java/com/example/Main.java', 'import com.example.Thing;')).toEqual([
    'java/com/example/Thing.java',
  ]);
});

it('finds included headers, and none where several are meant', () => {
  expect(
    importsOf('src/main.cpp', '#include "engine/core.h"', '#include "same.h"', '#include <vector>'),
  ).toEqual(['include/engine/core.h']);
});

it('looks at import lines alone', () => {
  expect(importsOf('src/app.ts', "const a = './api/client.ts';", '// ./util.tsx')).toEqual([]);
});
