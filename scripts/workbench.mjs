/**
 * Serves a real VS Code workbench with this extension on 127.0.0.1. `npm start` opens it if there
 * is no desktop VS Code, and the end-to-end tests drive it through a browser.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, open, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from './support/failure.mjs';
import { root } from './support/paths.mjs';
import { placeExtension } from './workbench-extension.mjs';
import { prepareHost } from './workbench-host.mjs';

/** The longest time that the server may take to answer, and to exit, in milliseconds. */
const startLimitMs = 30_000;
const stopLimitMs = 5_000;

/** Settings that isolate the workbench: no network, no notices, no other features. */
const quietSettings = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': 'off',
  'git.enabled': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'typescript.disableAutomaticTypeAcquisition': true,
  'update.mode': 'none',
  'workbench.editor.useModal': 'off',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
};

/** The same, of machine scope. */
const quietMachineSettings = { 'workbench.welcomePage.walkthroughs.openOnInstall': false };

/**
 * @typedef {object} WorkbenchOptions
 * @property {string} [extension] the extension's folder, or its package (.vsix); this project by default
 * @property {readonly string[]} [otherExtensions] folders of extensions beside it
 * @property {Readonly<Record<string, unknown>>} [settings] user settings; they must be complete
 *   here, because the server reads the file when a page loads
 * @property {Readonly<Record<string, unknown>>} [machineSettings] settings of machine scope, which
 *   the workbench takes only from the server's machine
 * @property {string} [keepIn] a folder for settings and chats, kept between starts;
 *   without it, data is deleted at the end
 * @property {NodeJS.ProcessEnv} [env] for the server and the extension host
 * @property {readonly string[]} [args] more arguments of the server
 * @property {(text: string) => void} [report]
 *
 * @typedef {object} Workbench
 * @property {string} origin scheme, host and port
 * @property {string} token what a page has to name
 * @property {string} logFile what the server printed
 * @property {string} dataDirectory all that this workbench writes; `stop` removes it unless it is to be kept
 * @property {() => Promise<void>} stop ends the server and every process that it started
 */

/**
 * Starts a workbench, with temporary data unless `keepIn` is given.
 * @param {WorkbenchOptions} [options]
 * @returns {Promise<Workbench>}
 * @throws {Failure}
 */
export async function startWorkbench({
  extension = root,
  otherExtensions = [],
  settings = {},
  machineSettings = {},
  keepIn,
  env = {},
  args = [],
  report = () => undefined,
} = {}) {
  const host = await prepareHost(report);
  const kept = keepIn !== undefined;
  const dataDirectory = keepIn ?? (await mkdtemp(path.join(os.tmpdir(), 'loci-workbench-')));
  const extensionsDirectory = path.join(dataDirectory, 'extensions');
  const logFile = path.join(dataDirectory, 'server.log');
  await placeExtension(host, extension, {
    extensions: extensionsDirectory,
    server: path.join(dataDirectory, 'server'),
  });
  for (const [index, folder] of otherExtensions.entries()) {
    await symlink(folder, path.join(extensionsDirectory, `other-${index}`), 'junction');
  }
  // What the user has set since the first start stays.
  await writeSettings(dataDirectory, { settings, machineSettings }, kept ? 'wx' : 'w');

  const port = await freePort();
  const token = randomBytes(16).toString('hex');
  const log = await open(logFile, 'a');
  const server = spawn(
    host.node,
    [
      host.server,
      ...['--host', '127.0.0.1', '--port', String(port), '--connection-token', token],
      ...['--server-data-dir', path.join(dataDirectory, 'server')],
      ...['--extensions-dir', extensionsDirectory, '--telemetry-level', 'off'],
      ...['--accept-server-license-terms', '--disable-workspace-trust', ...args],
    ],
    {
      // A separate process group, so that the extension host and the engine end with the server.
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      env: {
        ...process.env,
        // For a person's own workbench, `~` stays that person's home.
        ...(kept
          ? {}
          : {
              HOME: dataDirectory,
              TMPDIR: dataDirectory,
              XDG_RUNTIME_DIR: dataDirectory,
              LOCI_MODELS_DIR: path.join(dataDirectory, 'downloaded'),
            }),
        EXTENSIONS_GALLERY: '{}',
        ...env,
      },
    },
  );
  await log.close();
  const stop = async () => {
    await stopGroup(server);
    if (!kept) await rm(dataDirectory, { recursive: true, force: true, maxRetries: 5 });
  };
  const origin = `http://127.0.0.1:${port}`;
  try {
    await untilReady(`${origin}/version`, server);
  } catch (error) {
    const details = await readFile(logFile, 'utf8');
    await stop();
    throw new Failure(
      `The workbench did not start: ${error instanceof Error ? error.message : String(error)}.`,
      details,
    );
  }
  return {
    origin,
    token,
    logFile,
    dataDirectory,
    stop,
  };
}

/**
 * The address of a page of a workbench.
 * @param {{ origin: string, token: string }} workbench
 * @param {string} folder the folder that it shows, an absolute path
 * @param {string} [file] a file that it opens at once, an absolute path
 */
export function pageAddress({ origin, token }, folder, file) {
  const query = new URLSearchParams({ tkn: token, folder });
  if (file !== undefined) {
    const uri = `vscode-remote://${new URL(origin).host}${file}`;
    query.set('payload', JSON.stringify([['openFile', uri]]));
  }
  return `${origin}/?${query.toString()}`;
}

/** @param {string} dataDirectory a workbench's */
export function settingsFiles(dataDirectory) {
  const data = path.join(dataDirectory, 'server', 'data');
  return {
    user: path.join(data, 'User', 'settings.json'),
    machine: path.join(data, 'Machine', 'settings.json'),
  };
}

/**
 * Writes the settings of the user, with those that keep the workbench to itself, and of the machine.
 * @param {string} dataDirectory a workbench's
 * @param {Pick<WorkbenchOptions, 'settings' | 'machineSettings'>} options
 * @param {'w' | 'wx'} flag `wx` leaves a file that is there alone
 */
export async function writeSettings(dataDirectory, { settings, machineSettings = {} }, flag) {
  const { user, machine } = settingsFiles(dataDirectory);
  await writeJson(user, { ...quietSettings, ...settings }, flag);
  await writeJson(machine, { ...quietMachineSettings, ...machineSettings }, flag);
}

/**
 * @param {string} file
 * @param {Readonly<Record<string, unknown>>} content
 * @param {'w' | 'wx'} flag
 */
async function writeJson(file, content, flag) {
  await mkdir(path.dirname(file), { recursive: true });
  try {
    await writeFile(file, JSON.stringify(content, null, 2), { flag });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

/** @returns {Promise<number>} a port that was free just now */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port);
        else reject(new Error('no free port'));
      });
    });
  });
}

/**
 * @param {string} url
 * @param {import('node:child_process').ChildProcess} server
 */
async function untilReady(url, server) {
  const end = Date.now() + startLimitMs;
  while (Date.now() < end) {
    if (server.exitCode !== null) throw new Error(`its server ended with ${server.exitCode}`);
    try {
      if ((await fetch(url)).ok) return;
    } catch {
      // It is not listening yet.
    }
    await sleep(100);
  }
  throw new Error(`no answer within ${startLimitMs / 1000} seconds`);
}

/** @param {import('node:child_process').ChildProcess} server */
async function stopGroup(server) {
  const exited = new Promise((resolve) => {
    if (server.exitCode !== null || server.signalCode !== null) resolve(undefined);
    else server.once('exit', resolve);
  });
  signalGroup(server, 'SIGTERM');
  await Promise.race([exited, sleep(stopLimitMs, undefined, { ref: false })]);
  signalGroup(server, 'SIGKILL');
}

/**
 * @param {import('node:child_process').ChildProcess} server
 * @param {NodeJS.Signals} signal
 */
function signalGroup(server, signal) {
  if (server.pid === undefined) return;
  try {
    if (process.platform === 'win32') server.kill(signal);
    else process.kill(-server.pid, signal);
  } catch {
    // The group has ended.
  }
}
