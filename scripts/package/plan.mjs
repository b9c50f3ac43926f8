/** What goes into a package: an allow-list; whatever is not named here stays out. */

import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { compileBundles } from '../setup/bundles.mjs';
import { Failure } from '../support/failure.mjs';
import { fromRoot } from '../support/paths.mjs';
import { llamaComponents, npmComponent, packageFolders } from './components.mjs';
import { billOfMaterials, licencesText } from './documents.mjs';
import { targetOf, targetOfBinary, thisTarget } from './targets.mjs';

/**
 * @typedef {object} PlannedFile
 * @property {string} path in the extension's folder, with `/`
 * @property {string | Uint8Array} [contents]
 * @property {string} [from] the file to copy where there are no contents
 *
 * @typedef {object} PackagePlan
 * @property {string} target
 * @property {string} version
 * @property {PlannedFile[]} files sorted by path
 */

/** Files of the project that go in as they are. */
const copied = [
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'docs/privacy.md',
  'extension/models/bundled/loci-tiny-f16.gguf',
  'webview/loci.svg',
];

/** Folders of the project of which the files with an ending go in. */
const copiedFolders = [
  { folder: 'docs/images', ending: '.png' },
  { folder: 'docs/walkthrough', ending: '.md' },
];

/** Parts of the manifest that nothing reads after packaging. */
const buildOnly = ['private', 'scripts', 'dependencies', 'devDependencies'];

/** llama.cpp's own libraries; not those of its command line, nor node-llama-cpp's addon. */
const library = /^(?:lib)?(?:ggml|llama)(?!-common|-addon)[\w.-]*\.(?:so|dylib|dll|metal)$/u;

/**
 * Plans a package. Compiles the bundles; writes nothing.
 * @param {string} name of the target, such as `linux-x64`
 * @returns {Promise<PackagePlan>}
 * @throws {Failure} where a part for this platform is missing
 */
export async function planPackage(name) {
  const target = targetOf(name);
  /** @type {unknown} */
  const parsed = JSON.parse(await readFile(fromRoot('package.json'), 'utf8'));
  const manifest = /** @type {{ name: string, version: string, license: string }} */ (parsed);
  const addon = await requireAddon(name);
  const libraries = await librariesOf(target);
  const { files: bundles, inputs } = await compilePackaged();
  const components = [
    ...distinct(
      await Promise.all(packageFolders(inputs).map((folder) => npmComponent(folder, 'dist'))),
    ),
    await npmComponent('node_modules/node-addon-api', 'build/native/loci.node'),
    await npmComponent('node_modules/node-api-headers', 'build/native/loci.node'),
    ...(await Promise.all(
      target.builds.map((build) =>
        npmComponent(`node_modules/@node-llama-cpp/${build}`, `libraries/${build}`),
      ),
    )),
    ...(await llamaComponents(target.builds.some((build) => build.endsWith('-vulkan')))),
  ];
  for (const part of buildOnly) Reflect.deleteProperty(manifest, part);
  const pages = await Promise.all(copiedFolders.map(filesWithEnding));
  /** @type {PlannedFile[]} */
  const files = [
    { path: 'package.json', contents: `${JSON.stringify(manifest, null, 2)}\n` },
    { path: 'THIRD-PARTY-LICENCES.txt', contents: licencesText(components) },
    { path: 'sbom.cdx.json', contents: billOfMaterials(manifest, name, components) },
    ...[...copied, ...pages.flat()].map((file) => ({ path: file, from: fromRoot(file) })),
    { path: 'build/native/loci.node', from: addon },
    ...bundles,
    ...libraries,
  ];
  files.sort((left, right) => (left.path < right.path ? -1 : 1));
  return { target: name, version: manifest.version, files };
}

/**
 * The bundles as they are packaged: without source maps, and shorter. Names stay as they are, so that
 * a stack in a log can be read.
 */
async function compilePackaged() {
  const { files, inputs } = await compileBundles({
    sourcemap: false,
    minifyWhitespace: true,
    minifySyntax: true,
  });
  const planned = files.map((file) => ({
    path: path.relative(fromRoot(), file.path).replaceAll(path.sep, '/'),
    contents: file.contents,
  }));
  return { files: planned, inputs };
}

/**
 * The addon of a platform. That of another machine's platform is put beside the build of this one.
 * @param {string} target
 * @returns {Promise<string>}
 * @throws {Failure} where it is not built, or is for another platform
 */
async function requireAddon(target) {
  const folder = target === thisTarget ? 'native' : `native-${target}`;
  const file = fromRoot('build', folder, 'loci.node');
  const shown = path.relative(fromRoot(), file);
  let found;
  try {
    found = targetOfBinary(await readFile(file));
  } catch {
    throw new Failure(
      `The native addon for ${target} is not built: ${shown} is missing. Build it on that platform.`,
    );
  }
  if (found !== target) {
    throw new Failure(`${shown} is for ${found ?? 'no known platform'}, not for ${target}.`);
  }
  return file;
}

/**
 * @param {import('./targets.mjs').Target} target
 * @returns {Promise<PlannedFile[]>}
 */
async function librariesOf({ name, builds }) {
  /** @type {PlannedFile[]} */
  const files = [];
  for (const build of builds) {
    const folder = fromRoot('node_modules', '@node-llama-cpp', build, 'bins', build);
    const names = (await readdir(folder).catch(() => [])).filter((file) => library.test(file));
    if (names.length === 0) {
      throw new Failure(
        `llama.cpp's libraries for ${name} are missing: install @node-llama-cpp/${build}.`,
      );
    }
    for (const file of names) {
      files.push({ path: `libraries/${build}/${file}`, from: path.join(folder, file) });
    }
  }
  return files;
}

/** @param {{ folder: string, ending: string }} pages */
async function filesWithEnding({ folder, ending }) {
  const names = await readdir(fromRoot(folder));
  return names.filter((name) => name.endsWith(ending)).map((name) => `${folder}/${name}`);
}

/**
 * npm may install one version of a package in several folders.
 * @param {readonly import('./components.mjs').Component[]} components
 */
function distinct(components) {
  return [...new Map(components.map((component) => [component.purl, component])).values()];
}
