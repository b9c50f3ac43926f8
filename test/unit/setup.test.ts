import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { missingPackages } from '../../scripts/setup/dependencies.mjs';
import { parseVersion } from '../../scripts/setup/headers.mjs';
import { withLock } from '../../scripts/support/lock.mjs';

describe('missingPackages', () => {
  const locked = { '': {}, 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' } };

  it('finds nothing where everything is as locked', () => {
    expect(missingPackages(locked, locked)).toEqual([]);
  });

  it.each([
    ['is not there', {}],
    ['has another version', { 'node_modules/a': { version: '1.0.1', integrity: 'sha512-a' } }],
    ['has other content', { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-b' } }],
  ])('finds a package that %s', (_, installed) => {
    expect(missingPackages(locked, installed)).toEqual(['node_modules/a']);
  });

  it('does without optional packages of other platforms, not without those of this one', () => {
    const optional = (os: string) => ({ version: '1.0.0', optional: true, os: [os] });
    const ours = { 'node_modules/ours': optional(process.platform) };
    const others = { 'node_modules/others': optional('plan9') };
    expect(missingPackages({ ...ours, ...others }, {})).toEqual(['node_modules/ours']);
  });

  it('does without what only packages of other platforms ask for', () => {
    const optional = { version: '1.0.0', optional: true };
    const others = {
      'node_modules/others': { ...optional, cpu: ['wasm32'], dependencies: { a: '1', b: '1' } },
      'node_modules/a': { ...optional, peerDependencies: { '@s/c': '1' } },
      'node_modules/b': optional,
      'node_modules/@s/c': optional,
    };
    expect(missingPackages(others, {})).toEqual([]);
    const ours = { 'node_modules/ours': { version: '1.0.0', optionalDependencies: { b: '1' } } };
    expect(missingPackages({ ...others, ...ours }, ours)).toEqual(['node_modules/b']);
  });
});

describe('parseVersion', () => {
  it("reads the version that llama.cpp's libraries report", () => {
    const text = ['MAJOR 0', 'MINOR 5', 'PATCH 12']
      .map((part) => `set(LLAMA_VERSION_${part})`)
      .join('\n');
    expect(parseVersion(text)).toBe('0.5.12');
  });

  it('refuses a file that states none', () => {
    expect(() => parseVersion('project("llama.cpp" C CXX)')).toThrow(/no version/);
  });
});

describe('withLock', () => {
  let folder = '';
  let file = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loci-lock-'));
    file = join(folder, 'lock');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('lets one process in at a time, and every one in the end', async () => {
    // Each process reads a number, waits and writes it back plus one: overlap would lose counts.
    const counter = join(folder, 'counter');
    await writeFile(counter, '0');
    const lockModule = new URL('../../scripts/support/lock.mjs', import.meta.url).href;
    const program = `
      import { readFileSync, writeFileSync } from 'node:fs';
      import { setTimeout as sleep } from 'node:timers/promises';
      import { withLock } from '${lockModule}';
      await withLock('${file}', () => undefined, async () => {
        const count = Number(readFileSync('${counter}', 'utf8'));
        await sleep(50);
        writeFileSync('${counter}', String(count + 1));
      });`;
    const processes = Array.from({ length: 4 }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'inherit' }),
    );
    await Promise.all(processes.map((child) => once(child, 'exit')));
    expect(processes.map((child) => child.exitCode)).toEqual([0, 0, 0, 0]);
    expect(await readFile(counter, 'utf8')).toBe('4');
  });

  it('takes over the lock of a process that has ended', async () => {
    const ended = spawn(process.execPath, ['-e', '']);
    await once(ended, 'exit');
    await writeFile(file, String(ended.pid));
    expect(
      await withLock(
        file,
        () => undefined,
        () => Promise.resolve('done'),
      ),
    ).toBe('done');
  });

  it('is free again after a failure', async () => {
    const failing = withLock(
      file,
      () => undefined,
      () => Promise.reject(new Error('broken')),
    );
    await expect(failing).rejects.toThrow('broken');
    expect(
      await withLock(
        file,
        () => undefined,
        () => Promise.resolve('done'),
      ),
    ).toBe('done');
  });
});
