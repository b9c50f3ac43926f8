/** What of others is inside a package, with versions and licences. */

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { run } from '../support/commands.mjs';
import { Failure } from '../support/failure.mjs';
import { readProperty } from '../support/json.mjs';
import { fromRoot } from '../support/paths.mjs';

/**
 * @typedef {object} Component
 * @property {string} name
 * @property {string} version
 * @property {string} licence an SPDX expression
 * @property {string} text the licence and the notices, in full
 * @property {string} purl the package's address, such as `pkg:npm/zod@4.6.7`
 * @property {string} part where in the package it is
 */

/** Names of the files that a package must be passed on with. */
const licenceFile = /^(?:licen[cs]e|copying|notice|third-?party-?notices)/iu;

/**
 * The folders of the npm packages that files belong to.
 * @param {readonly string[]} files relative to the project
 * @returns {string[]} relative to the project, sorted
 */
export function packageFolders(files) {
  const folders = files.flatMap((file) => {
    const found = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/u.exec(file);
    return found === null ? [] : [found[0]];
  });
  return [...new Set(folders)].sort();
}

/**
 * An npm package as a component.
 * @param {string} folder relative to the project
 * @param {string} part
 * @returns {Promise<Component>}
 * @throws {Failure} where it has no licence
 */
export async function npmComponent(folder, part) {
  const manifest = fromRoot(folder, 'package.json');
  const name = await readProperty(manifest, 'name');
  const version = await readProperty(manifest, 'version');
  const licence = await readProperty(manifest, 'license');
  const names = (await readdir(fromRoot(folder))).filter((file) => licenceFile.test(file)).sort();
  if (names.length === 0) throw new Failure(`${folder} has no file with its licence.`);
  const texts = await Promise.all(names.map((file) => readFile(fromRoot(folder, file), 'utf8')));
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  return { name, version, licence, text: texts.join('\n\n'), purl, part };
}

/**
 * llama.cpp and what is compiled into its libraries, by the source that node-llama-cpp ships.
 * @param {boolean} withVulkan whether the libraries for Vulkan go in
 * @returns {Promise<Component[]>}
 * @throws {Failure}
 */
export async function llamaComponents(withVulkan) {
  const folder = fromRoot('node_modules', 'node-llama-cpp', 'llama');
  const version = await readProperty(path.join(folder, 'llama.cpp.info.json'), 'tag');
  const purl = `pkg:github/ggml-org/llama.cpp@${version}`;
  const part = 'libraries';
  const [licence, sgemm] = await readSource(path.join(folder, 'gitRelease.bundle'), [
    'LICENSE',
    'ggml/src/ggml-cpu/llamafile/sgemm.cpp',
  ]);
  const components = [
    { name: 'llama.cpp', version, licence: 'MIT', text: licence ?? '', purl, part },
    {
      name: 'tinyBLAS of llamafile',
      version,
      licence: 'MIT',
      text: leadingComment(sgemm ?? ''),
      purl: `${purl}#ggml/src/ggml-cpu/llamafile`,
      part,
    },
  ];
  if (withVulkan) {
    const text = `Copyright 2015-2026 The Khronos Group Inc.\n\n${terms(leadingComment(sgemm ?? ''))}`;
    const vulkan = 'pkg:github/KhronosGroup/Vulkan-Headers';
    const licence = 'Apache-2.0 OR MIT';
    components.push({ name: 'Vulkan-Headers', version: '', licence, text, purl: vulkan, part });
  }
  return components;
}

/**
 * @param {string} bundle a git bundle
 * @param {readonly string[]} files
 * @returns {Promise<string[]>} their texts
 */
async function readSource(bundle, files) {
  const failure = "node-llama-cpp's bundle of the llama.cpp source could not be read by git.";
  const folder = await mkdtemp(path.join(os.tmpdir(), 'loci-licences-'));
  try {
    await run('git', ['clone', '--quiet', '--bare', bundle, folder], { failure });
    const texts = [];
    for (const file of files) {
      texts.push(await run('git', ['-C', folder, 'show', `HEAD:${file}`], { failure }));
    }
    return texts;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param {string} source C++ that begins with its licence */
function leadingComment(source) {
  const lines = source.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('//'));
  const text = lines.slice(0, end).map((line) => line.replace(/^\/\/ ?/u, ''));
  if (!text.some((line) => line.startsWith('Permission is hereby granted'))) {
    throw new Failure("The licence of llamafile's code is no longer at the top of its file.");
  }
  return text.join('\n').trim();
}

/**
 * The terms of an MIT licence without its holder.
 * @param {string} licence
 */
function terms(licence) {
  return licence.slice(licence.indexOf('Permission is hereby granted'));
}
