import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureLoadable, findAddon } from './addon.ts';
import { loaderProblem, probeDevices } from './trial-process.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loci-addon-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Writes a module in place of an addon, to test loading only. */
async function module(text: string): Promise<string> {
  const path = join(folder, 'addon.js');
  await writeFile(path, text);
  return path;
}

describe('findAddon', () => {
  it('takes that of the installation, and says what to do where there is none', async () => {
    await expect(findAddon(folder)).rejects.toMatchObject({
      code: 'addon-not-found',
      message: /^The native engine is missing \(.*loci\.node\)\. Reinstall the extension\.$/,
    });
    const path = join(folder, 'build', 'native', 'loci.node');
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, '');
    expect(await findAddon(folder)).toBe(path);
  });
});

describe('ensureLoadable', () => {
  it('remembers what loaded, so that it is tried once per build', async () => {
    const cache = join(folder, 'cache');
    const path = await module(
      `require('node:fs').appendFileSync(${JSON.stringify(folder)} + '/tried', 'x')`,
    );
    await ensureLoadable(path, cache);
    await ensureLoadable(path, cache);
    expect((await readdir(join(cache, 'addon'))).length).toBe(1);
    const tried = async (): Promise<string> =>
      (await import('node:fs/promises')).readFile(join(folder, 'tried'), 'utf8');
    expect(await tried()).toBe('x');
    await module(`require('node:fs').appendFileSync(${JSON.stringify(folder)} + '/tried', 'y')`);
    await ensureLoadable(path, cache);
    expect(await tried()).toBe('xy');
  });

  it('makes a sentence of a crash, of an error and of what is no addon', async () => {
    const cache = join(folder, 'cache');
    await expect(
      ensureLoadable(await module('process.kill(process.pid, "SIGSEGV")'), cache),
    ).rejects.toMatchObject({ code: 'addon-broken', message: /crashed with SIGSEGV\.$/ });
    await expect(
      ensureLoadable(await module('throw new Error("libfoo.so is missing.")'), cache),
    ).rejects.toMatchObject({
      message: /cannot be loaded: it ended with exit code 1\.$/,
      cause: { message: /libfoo\.so is missing/ },
    });
    const text = join(folder, 'text');
    await writeFile(text, 'not a library');
    await expect(ensureLoadable(text, cache)).rejects.toMatchObject({ code: 'addon-broken' });
    const library = join(folder, 'text.node');
    await writeFile(library, 'not a library');
    await expect(ensureLoadable(library, cache)).rejects.toMatchObject({
      message: /cannot be loaded: it was built for another kind of machine or is damaged\.$/,
      cause: { message: /ERR_DLOPEN_FAILED/ },
    });
    await expect(readdir(cache)).rejects.toThrow();
  });
});

describe('probeDevices', () => {
  it('reads the devices past whatever a driver prints, and checks them', async () => {
    const device = { name: 'a', description: 'b', kind: 'gpu', freeBytes: 1, totalBytes: 2 };
    const path = await module(
      `exports.loadRuntime = () => { console.log('driver chatter'); return { devices: () => [${JSON.stringify(device)}] }; };`,
    );
    expect(await probeDevices(path, '/libraries')).toEqual({ ok: true, value: [device] });
    await module(`exports.loadRuntime = () => ({ devices: () => [{}] });`);
    expect(await probeDevices(path, '/libraries')).toMatchObject({ ok: false });
  });
});

it.each([
  ["Error: /lib/x86_64/libc.so.6: version `GLIBC_2.38' not found", /is too old for it$/u],
  [
    'Error: The module was compiled using NODE_MODULE_VERSION 115.',
    /another version of Node\.js$/u,
  ],
  ['Error: /a/addon.node: invalid ELF header', /another kind of machine or is damaged$/u],
  ["dlopen: mach-o file, but is an incompatible architecture (have 'arm64')", /another kind of/u],
  ['Error: \\\\?\\C:\\addon.node is not a valid Win32 application.', /another kind of machine/u],
  [
    'Error: libcuda.so.1: cannot open shared object file: No such file or directory',
    /is missing$/u,
  ],
  ['Error: The specified module could not be found.', /is missing$/u],
  ['Error: something of tomorrow', /^the system refused to load it$/u],
])('says in our words what a loader says: %s', (said, reason) => {
  expect(loaderProblem(said)).toMatch(reason);
});

it('keeps a sentence of our addon, and nothing that others print', async () => {
  const path = await module(
    `exports.loadRuntime = () => { throw Object.assign(new Error('The library a could not be loaded.\\nlibc: no'), { code: 'runtime-not-found' }); };`,
  );
  const ours = await probeDevices(path, '/libraries');
  expect(ours).toMatchObject({ ok: false, reason: 'The library a could not be loaded' });
  expect(ours.ok ? '' : ours.detail).toContain('libc: no');
  await module(`exports.loadRuntime = () => { console.error('vkErr: 0x17'); process.exit(3); };`);
  expect(await probeDevices(path, '/libraries')).toEqual({
    ok: false,
    reason: 'it ended with exit code 3',
    detail: 'vkErr: 0x17',
  });
});
