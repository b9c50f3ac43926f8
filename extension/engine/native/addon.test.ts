import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureLoadable, findAddon } from './addon.ts';
import { probeDevices } from './trial-process.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loci-addon-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** A module that stands for an addon: what is tried is the loading, not what is loaded. */
async function module(text: string): Promise<string> {
  const path = join(folder, 'addon.js');
  await writeFile(path, text);
  return path;
}

describe('findAddon', () => {
  it('takes the first place that exists and names all where none does', async () => {
    const path = await module('');
    expect(await findAddon([join(folder, 'no'), path])).toBe(path);
    await expect(findAddon([join(folder, 'no')])).rejects.toMatchObject({
      code: 'addon-not-found',
    });
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
    ).rejects.toMatchObject({ message: /cannot be loaded: libfoo\.so is missing\.$/ });
    const text = join(folder, 'text');
    await writeFile(text, 'not a library');
    await expect(ensureLoadable(text, cache)).rejects.toMatchObject({ code: 'addon-broken' });
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
