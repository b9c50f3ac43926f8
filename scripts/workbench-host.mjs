import { copyFile, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { run } from './support/commands.mjs';
import { Failure } from './support/failure.mjs';
import { readProperty } from './support/json.mjs';
import { withLock } from './support/lock.mjs';
import { cacheDirectory, fromRoot } from './support/paths.mjs';

/**
 * The server half of VS Code, as code-server publishes it, pinned to one version and checksum. Only
 * its unchanged `lib/vscode` is used; nothing is compiled and no install script runs.
 */
const codeServer = {
  version: '4.139.1',
  integrity:
    'sha512-fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew==',
};

/** The Node.js that this VS Code version needs; from the npm registry if ours is older. */
const hostNode = { major: 24, version: '24.21.0' };

/** Parts that our extension does not use: a third of the size on disk. */
const unneeded = [
  'node_modules/@github/copilot-sdk-linux-x64',
  'node_modules/@microsoft/mxc-sdk',
  'node_modules/@devcontainers',
  'extensions/copilot',
];

/**
 * @typedef {object} WorkbenchHost
 * @property {string} node the Node.js that runs the server
 * @property {string} server the server's main script
 */

/**
 * Installs the workbench's server into .cache once per version (about 500 MB, from the npm
 * registry) and returns its paths.
 * @param {(text: string) => void} report
 * @returns {Promise<WorkbenchHost>}
 * @throws {Failure}
 */
export async function prepareHost(report) {
  const directory = path.join(cacheDirectory, 'workbench', codeServer.version);
  const onWait = (/** @type {string} */ owner) => {
    report(`waiting for process ${owner}, which installs the workbench`);
  };
  return withLock(`${directory}.lock`, onWait, async () => {
    const known = await readHost(directory);
    if (known !== null) return known;
    report('installing the VS Code workbench into .cache/workbench (once, about 500 MB)');
    await rm(directory, { recursive: true, force: true });
    await mkdir(directory, { recursive: true });
    const host = { node: await installNode(directory), server: await installServer(directory) };
    await writeFile(path.join(directory, 'host.json'), JSON.stringify(host));
    return host;
  });
}

/**
 * @param {string} directory
 * @returns {Promise<WorkbenchHost | null>} null until the installation is complete
 */
async function readHost(directory) {
  const file = path.join(directory, 'host.json');
  try {
    return { node: await readProperty(file, 'node'), server: await readProperty(file, 'server') };
  } catch {
    return null;
  }
}

/**
 * @param {string} directory
 * @returns {Promise<string>} the path of a Node.js that can run the server
 */
async function installNode(directory) {
  if (Number.parseInt(process.versions.node, 10) >= hostNode.major) return process.execPath;
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  await writeFile(path.join(directory, 'package.json'), '{ "private": true }');
  await run('npm', ['install', '--ignore-scripts', '--no-save', `${name}@${hostNode.version}`], {
    cwd: directory,
    failure: `The workbench needs Node.js ${hostNode.major}, and ${name} could not be installed.`,
  });
  return path.join(directory, 'node_modules', name, 'bin', 'node');
}

/**
 * @param {string} directory
 * @returns {Promise<string>} the path of the server's main script
 */
async function installServer(directory) {
  const failure = `VS Code's server (code-server ${codeServer.version}) could not be installed from npm.`;
  const wanted = `code-server@${codeServer.version}`;
  const packed = await run('npm', ['pack', '--json', wanted], { cwd: directory, failure });
  const { filename, integrity } = parsePacked(packed);
  if (integrity !== codeServer.integrity) {
    throw new Failure(
      `${wanted} of the npm registry is not the content that Loci was tested with.`,
    );
  }
  const archive = path.join(directory, filename);
  await run('tar', ['-xzf', archive, '-C', directory, 'package/lib/vscode'], { failure });
  await rm(archive);
  const server = path.join(directory, 'vscode');
  await rename(path.join(directory, 'package', 'lib', 'vscode'), server);
  await rm(path.join(directory, 'package'), { recursive: true });
  // `npm ci` refuses this package's shrinkwrap; `npm install` follows it anyway.
  const install = ['install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'];
  await run('npm', install, { cwd: server, failure });
  await run('npm', install, { cwd: path.join(server, 'extensions'), failure });
  await slim(server);
  // The logger's native part is not built; our replacement writes the same files.
  await copyFile(
    fromRoot('scripts', 'workbench-logger.cjs'),
    path.join(server, 'node_modules', '@vscode', 'spdlog', 'index.js'),
  );
  return path.join(server, 'out', 'server-main.js');
}

/**
 * @param {string} json the output of `npm pack --json`
 * @returns {{ filename: string, integrity: string }}
 */
function parsePacked(json) {
  /** @type {unknown} */
  const packed = JSON.parse(json);
  /** @type {unknown} */
  const first = Array.isArray(packed) ? packed[0] : undefined;
  if (typeof first !== 'object' || first === null) throw new Failure('npm packed nothing.');
  return /** @type {{ filename: string, integrity: string }} */ (first);
}

/** @param {string} server */
async function slim(server) {
  for (const part of unneeded) await rm(path.join(server, part), { recursive: true, force: true });
  const ripgrep = path.join(server, 'node_modules', '@vscode', 'ripgrep-universal', 'bin');
  const ours = `${process.platform}-${process.arch}`;
  for (const platform of await readdir(ripgrep)) {
    if (platform !== ours) await rm(path.join(ripgrep, platform), { recursive: true });
  }
}
