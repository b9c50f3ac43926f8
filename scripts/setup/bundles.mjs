import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../support/failure.mjs';
import { fromRoot, root } from '../support/paths.mjs';

/** @typedef {Omit<import('esbuild').BuildOptions, 'entryPoints'> & { entryPoints: Record<string, string> }} Bundle */

/** CommonJS dependencies use `require`, which an ES module lacks. */
const requireInModules =
  "import { createRequire as createRequireOfBundle } from 'node:module'; " +
  'const require = createRequireOfBundle(import.meta.url);';

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  write: false,
  outdir: 'dist',
  sourcemap: 'linked',
  sourcesContent: false,
  logLevel: 'silent',
};

/** @type {import('esbuild').BuildOptions} */
const onNode = { ...common, platform: 'node', target: 'node20' };

/** The script of each view: `main.ts` in a folder of its name. */
const views = Object.fromEntries(
  readdirSync(fromRoot('webview'))
    .filter((name) => existsSync(fromRoot('webview', name, 'main.ts')))
    .map((name) => /** @type {const} */ ([`webview/${name}`, `webview/${name}/main.ts`])),
);

/** @type {Bundle[]} */
const bundles = [
  {
    ...onNode,
    entryPoints: { extension: 'extension/main.ts' },
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    external: ['vscode', '*.node'],
    // A CommonJS bundle has no import.meta.url; replace it by the URL of the bundle's file.
    define: { 'import.meta.url': 'bundleUrl' },
    banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
  },
  {
    ...onNode,
    entryPoints: { engine: 'extension/engine/main.ts', cli: 'extension/cli/main.ts' },
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    // node-llama-cpp finds its libraries relative to its own folder in node_modules.
    external: ['node-llama-cpp', '*.node'],
    banner: { js: requireInModules },
  },
  {
    ...common,
    entryPoints: { ...views, 'webview/style': 'webview/style.css' },
    platform: 'browser',
    target: 'chrome128',
    minify: true,
    loader: { '.ttf': 'file' },
    assetNames: 'webview/[name]',
    format: 'iife',
  },
];

/**
 * Compiles the extension, the engine process, the command line and the views' pages.
 * @param {import('esbuild').BuildOptions} [changes] options that differ from those of the checkout
 * @returns {Promise<{ files: import('esbuild').OutputFile[], inputs: string[] }>} the files with
 *   absolute paths in dist, and what they were made of, relative to the project
 * @throws {Failure} with the compiler's messages
 */
export async function compileBundles(changes = {}) {
  const { build, formatMessages } = await import('esbuild');
  /** @type {import('esbuild').OutputFile[]} */
  const files = [];
  /** @type {Set<string>} */
  const inputs = new Set();
  for (const options of bundles) {
    try {
      const result = await build({ ...options, ...changes, metafile: true });
      files.push(...(result.outputFiles ?? []));
      for (const input of Object.keys(result.metafile.inputs)) inputs.add(input);
    } catch (error) {
      if (!(error instanceof Error) || !('errors' in error)) throw error;
      const errors = /** @type {import('esbuild').Message[]} */ (error.errors);
      const messages = await formatMessages(errors, { kind: 'error' });
      throw new Failure('The TypeScript sources could not be bundled.', messages.join(''));
    }
  }
  return { files, inputs: [...inputs].sort() };
}

/**
 * Bundles everything into dist. Files whose content is as before are not touched, and a running
 * process never sees half a file.
 * @param {(text: string) => void} report
 * @returns {Promise<void>}
 * @throws {Failure} with the compiler's messages
 */
export async function bundle(report) {
  const { files } = await compileBundles();
  let written = 0;
  for (const file of files) if (await writeIfChanged(file)) written += 1;
  await removeOthers(new Set(files.map((file) => file.path)));
  if (written > 0) report(`bundled ${written} files into dist`);
}

/**
 * @param {import('esbuild').OutputFile} file
 * @returns {Promise<boolean>} whether it was written
 */
async function writeIfChanged(file) {
  try {
    if ((await readFile(file.path)).equals(file.contents)) return false;
  } catch {
    await mkdir(path.dirname(file.path), { recursive: true });
  }
  const partial = `${file.path}.partial`;
  await writeFile(partial, file.contents);
  await rename(partial, file.path);
  return true;
}

/**
 * Removes files of earlier builds from dist.
 * @param {ReadonlySet<string>} kept
 */
async function removeOthers(kept) {
  const folder = fromRoot('dist');
  if (!existsSync(folder)) return;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isFile() && !kept.has(file)) await rm(file);
  }
}
