import { mkdir, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { run } from './support/commands.mjs';

/**
 * Puts an extension into a workbench that is not running, alone: a folder by a link, a package (.vsix)
 * as a user installs it.
 * @param {import('./workbench-host.mjs').WorkbenchHost} host
 * @param {string} extension
 * @param {{ extensions: string, server: string }} folders where the workbench has its extensions,
 *   and its data
 * @returns {Promise<void>}
 * @throws {import('./support/failure.mjs').Failure} with what the server says of the package
 */
export async function placeExtension(host, extension, { extensions, server }) {
  await rm(extensions, { recursive: true, force: true });
  await mkdir(extensions, { recursive: true });
  if (!extension.endsWith('.vsix')) {
    await symlink(path.resolve(extension), path.join(extensions, 'loci'), 'junction');
    return;
  }
  await run(
    host.node,
    [
      host.server,
      ...['--extensions-dir', extensions, '--server-data-dir', server],
      ...['--accept-server-license-terms', '--install-extension', path.resolve(extension)],
    ],
    {
      env: { ...process.env, EXTENSIONS_GALLERY: '{}' },
      failure: `The workbench could not install ${extension}.`,
    },
  );
}
