import eslint from '@eslint/js';
import boundaries from 'eslint-plugin-boundaries';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { editorFolders, elements, mayImport } from './scripts/architecture.mjs';

const allowed = {
  ...mayImport,
  test: elements.map(({ type }) => type),
  docs: [],
  scripts: ['extension/settings', 'test'],
};

const addonMessage = 'Only extension/engine/native/addon.ts loads the native addon.';

/** Ways to load a native addon. */
const addonLoading = [
  {
    selector: ':matches(Literal[value=/\\.node$/], TemplateElement[value.raw=/\\.node$/])',
    message: addonMessage,
  },
  {
    selector: "MemberExpression[object.name='process'][property.name='dlopen']",
    message: addonMessage,
  },
];

const defaultExports = [
  { selector: 'ExportDefaultDeclaration', message: 'Use named exports.' },
  { selector: "ExportSpecifier[exported.name='default']", message: 'Use named exports.' },
];

/** Code outside the editor's process runs without `vscode`; types of it would drag it in as well. */
const withoutEditor = Object.keys(mayImport)
  .filter((folder) => folder.startsWith('extension/') && !editorFolders.includes(folder))
  .map((folder) => `${folder}/**`);

export default defineConfig(
  {
    ignores: ['build/', 'dist/', '.cache/', 'test-artifacts/', 'native-kernels/', 'sample/'],
  },
  eslint.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['eslint.config.mjs'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { boundaries },
    settings: {
      'boundaries/elements': elements,
      'boundaries/dependency-nodes': ['import', 'dynamic-import', 'export', 'require'],
      'import/resolver': { typescript: { alwaysTryTypes: true } },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      eqeqeq: 'error',
      // The compiler knows every name, of scripts too.
      'no-undef': 'off',
      'no-restricted-syntax': ['error', ...defaultExports],
      'boundaries/no-unknown-dependencies': 'error',
      'boundaries/dependencies': [
        'error',
        {
          default: 'disallow',
          message: '{{from.element.type}} must not import {{to.element.type}} (ARCHITECTURE.md).',
          policies: [
            { allow: { to: { module: { origin: ['external', 'core'] } } } },
            ...Object.entries(allowed).map(([from, to]) => ({
              from: { element: { type: from } },
              allow: { to: { element: { types: { anyOf: [from, ...to] } } } },
            })),
            // What a test beside the code imports shapes no product.
            {
              from: { file: { categories: 'test' } },
              allow: { to: { element: { types: { anyOf: elements.map(({ type }) => type) } } } },
            },
          ],
        },
      ],
    },
  },
  {
    settings: { 'boundaries/files': [{ category: 'test', pattern: '**/*.test.ts' }] },
  },
  {
    files: [...withoutEditor, 'webview/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { paths: [{ name: 'vscode', message: 'Only the VS Code side imports vscode.' }] },
      ],
    },
  },
  {
    files: ['extension/**', 'webview/**'],
    rules: { 'no-console': 'error' },
  },
  {
    files: ['extension/**', 'webview/**'],
    ignores: ['extension/engine/native/addon.ts', '**/*.test.ts'],
    rules: { 'no-restricted-syntax': ['error', ...addonLoading, ...defaultExports] },
  },
  {
    files: ['*.config.{mjs,ts,mts}'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    // JSDoc carries the types of the scripts, which the rule does not read.
    files: ['**/*.{mjs,cjs}'],
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' },
  },
  {
    files: ['**/*.cjs'],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);
