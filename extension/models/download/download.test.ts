/** Downloads from a real server that cuts, moves, changes and refuses. */

import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { modelMetadata, modelTensors, writeGguf } from '../../../test/fixtures/gguf-writer.ts';
import { ModelServer } from '../../../test/fixtures/model-server.ts';
import { bundledModelPath } from '../bundled.ts';
import { modelAddress } from './address.ts';
import { downloadModel } from './download.ts';
import type { DownloadOptions } from './download.ts';
import { DownloadError } from './download-error.ts';
import type { DownloadProgress } from './progress.ts';

const model = await readFile(bundledModelPath());
const sum = createHash('sha256').update(model).digest('hex');
const path = '/owner/tiny/resolve/main/tiny.gguf';
const tagged = { etag: '"first"' };

let server: ModelServer;
let folder: string;
let hub: string;
beforeEach(async () => {
  server = await new ModelServer().listen();
  hub = server.address();
  folder = await mkdtemp(join(tmpdir(), 'loci-download-'));
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

interface Changes {
  readonly address?: string;
  readonly sha256?: string;
  readonly token?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: DownloadOptions['onProgress'];
  readonly idleMs?: number;
}

function download(changes: Changes = {}): Promise<string> {
  const { token = null, sha256 = null, signal, idleMs = 5_000 } = changes;
  const address = modelAddress(changes.address ?? hub + path, hub);
  return downloadModel(
    { ...address, sha256 },
    {
      folder,
      network: { hub, token, proxies: { http: '', https: '', except: [] }, idleMs },
      signal: signal ?? new AbortController().signal,
      onProgress: changes.onProgress ?? (() => undefined),
      retryMs: [10, 10],
    },
  );
}

/** The code and sentence of a download that fails. */
async function failure(changes: Changes = {}): Promise<string> {
  const error: unknown = await download(changes).catch((reason: unknown) => reason);
  return error instanceof DownloadError ? `${error.code}: ${error.message}` : String(error);
}

const ranges = (): (string | undefined)[] => server.requests.map(({ headers }) => headers.range);
const left = async (): Promise<string[]> => (await readdir(folder)).sort();

describe('a model', () => {
  it('arrives whole, with progress, and nothing else stays', async () => {
    server.file(path, model, { headers: tagged });
    const told: DownloadProgress[] = [];
    const target = await download({ sha256: sum, onProgress: (progress) => told.push(progress) });
    expect(target).toBe(join(folder, 'tiny.gguf'));
    expect(model.equals(await readFile(target))).toBe(true);
    expect(await left()).toEqual(['tiny.gguf']);
    expect([...new Set(told.map(({ phase }) => phase))]).toEqual([
      'connecting',
      'downloading',
      'checking',
    ]);
    const last = told.findLast(({ phase }) => phase === 'downloading');
    expect(last).toMatchObject({ bytes: model.length, totalBytes: model.length, secondsLeft: 0 });
    expect(last?.bytesPerSecond).toBeGreaterThan(0);
    expect(await failure()).toBe('exists: tiny.gguf is downloaded already.');
  });

  it('goes on where the connection was cut, as often as more arrives', async () => {
    server.file(path, model, { headers: tagged, cuts: [1_000_000, 0, 2_000_000, 500_000] });
    const target = await download({ sha256: sum });
    expect(model.equals(await readFile(target))).toBe(true);
    const [first, ...later] = ranges();
    expect(first).toBeUndefined();
    expect(later).toHaveLength(4);
    for (const range of later) expect(range).toMatch(/^bytes=[1-9]\d+-$/u);
  });

  it('goes on after it was stopped, and the part is kept until then', async () => {
    server.file(path, model, { headers: tagged, pauseMs: 5 });
    const controller = new AbortController();
    const stopped = await failure({
      signal: controller.signal,
      onProgress: ({ bytes }) => {
        if (bytes > 300_000) controller.abort();
      },
    });
    expect(stopped).toBe(
      'stopped: The download was stopped. Choose the model again to go on from there.',
    );
    expect(await left()).toEqual(['tiny.gguf.part', 'tiny.gguf.part.json']);
    const kept = (await readFile(join(folder, 'tiny.gguf.part'))).length;
    expect(kept).toBeGreaterThan(300_000);
    expect(kept).toBeLessThan(model.length);
    server.file(path, model, { headers: tagged });
    const target = await download({ sha256: sum });
    expect(model.equals(await readFile(target))).toBe(true);
    expect(ranges().at(-1)).toBe(`bytes=${String(kept)}-`);
  });

  it('begins again where the server has no ranges', async () => {
    server.file(path, model, { headers: tagged, ranges: false, cuts: [1_000_000] });
    const target = await download({ sha256: sum });
    expect(model.equals(await readFile(target))).toBe(true);
    expect(server.requests).toHaveLength(2);
  });

  it.each([
    ['another version is there', { etag: '"second"' }],
    ['the server does not say which version it has', {}],
  ])('begins again where %s', async (_, headers) => {
    server.file(path, model, { headers: tagged, cuts: [1_000_000, 0, 0, 0] });
    expect(await failure()).toContain('no-network: ');
    server.file(path, model, { headers });
    const target = await download();
    expect(model.equals(await readFile(target))).toBe(true);
    expect(ranges().at(-1)).toBeUndefined();
  });

  it('begins again where the part is longer than the file', async () => {
    server.file(path, model, { headers: tagged });
    await writeFile(join(folder, 'tiny.gguf.part'), Buffer.alloc(model.length + 1));
    await writeFile(
      join(folder, 'tiny.gguf.part.json'),
      JSON.stringify({ address: server.address() + path, identity: 'etag:"first"' }),
    );
    const target = await download();
    expect(model.equals(await readFile(target))).toBe(true);
  });

  it('is not asked for again where the part is complete', async () => {
    server.file(path, model, { headers: tagged });
    await writeFile(join(folder, 'tiny.gguf.part'), model);
    await writeFile(
      join(folder, 'tiny.gguf.part.json'),
      JSON.stringify({
        address: server.address() + path,
        identity: `sha256:${sum}`,
        totalBytes: model.length,
      }),
    );
    await download();
    expect(server.requests).toEqual([]);
    expect(await left()).toEqual(['tiny.gguf']);
  });

  it('goes on where the server was silent for too long', async () => {
    let answers = 0;
    server.file('/later', model, { headers: tagged });
    server.answer(path, (_, response) => {
      if (answers++ > 0) response.writeHead(302, { location: '/later' }).end();
      else response.writeHead(200, { ...tagged, 'content-length': model.length }).write('GGUF');
    });
    const target = await download({ sha256: sum, idleMs: 200 });
    expect(model.equals(await readFile(target))).toBe(true);
  });

  it('waits for a server that is busy', async () => {
    let answers = 0;
    server.file('/later', model);
    server.answer(path, (_, response) => {
      if (answers++ === 0) response.writeHead(503).end();
      else response.writeHead(302, { location: '/later' }).end();
    });
    await download();
    expect(await left()).toEqual(['tiny.gguf']);
  });
});

describe('a sum', () => {
  it.each([
    ['the list', sum, {}],
    ['the hub', undefined, { 'x-linked-etag': `"${sum}"` }],
  ])('of %s is compared', async (_, sha256, headers) => {
    const damaged = Buffer.from(model);
    damaged[model.length - 1] = 255 - (damaged[model.length - 1] ?? 0);
    server.file('/store', damaged);
    server.redirect(path, '/store', headers);
    expect(await failure(sha256 === undefined ? {} : { sha256 })).toBe(
      'wrong-sum: tiny.gguf arrived damaged: its SHA-256 is not the one that is stated for it. Download it again.',
    );
    expect(await left()).toEqual([]);
  });

  it('that the hub states otherwise than the list is refused before the file arrives', async () => {
    server.file('/store', model);
    server.redirect(path, '/store', { 'x-linked-etag': `"${'0'.repeat(64)}"` });
    expect(await failure({ sha256: sum })).toContain('wrong-sum: 127.0.0.1');
    expect(await left()).toEqual([]);
  });
});

describe('what cannot be downloaded', () => {
  it.each([
    [404, 'not-found: HOST has no tiny.gguf. Check the address.'],
    [401, 'needs-token: HOST needs a token for tiny.gguf.'],
    [403, 'needs-token: HOST needs a token for tiny.gguf.'],
    [500, 'refused: HOST is busy. Try again later; what has arrived is kept.'],
    [418, 'refused: HOST answered with status 418 instead of a file. Check the address.'],
  ])('has a sentence for status %d', async (status, sentence) => {
    server.answer(path, (_, response) => {
      response.writeHead(status).end();
    });
    const { host } = new URL(server.address());
    expect((await failure()).replace(host, 'HOST')).toBe(sentence);
    expect(await left()).toEqual([]);
  });

  it('says so where nobody listens', async () => {
    await server.close();
    expect(await failure()).toContain('cannot be reached. Check the network');
    server = await new ModelServer().listen();
  });

  it('is refused at once where it is a page', async () => {
    server.file(path, Buffer.from('<!doctype html>'.repeat(100_000)));
    expect(await failure()).toContain('not-a-model: 127.0.0.1');
  });

  it('is deleted where Loci cannot use it', async () => {
    const metadata = modelMetadata('mamba');
    server.file(path, writeGguf({ metadata, tensors: modelTensors }));
    expect(await failure()).toMatch(/^not-a-model: tiny\.gguf cannot be used: /u);
    server.file(path, Buffer.concat([Buffer.from('GGUF'), Buffer.alloc(100)]));
    expect(await failure()).toMatch(/^not-a-model: tiny\.gguf is not a valid GGUF model: /u);
    expect(await left()).toEqual([]);
  });

  it('is refused before it arrives where the disk is too small', async () => {
    server.answer(path, (_, response) => {
      response.writeHead(200, { 'content-length': 2 ** 52 }).write('GGUF');
    });
    expect(await failure()).toBe(
      'disk-full: The disk is too full for this model. Make room first.',
    );
  });

  it('is not downloaded twice at a time', async () => {
    server.file(path, model, { pauseMs: 5 });
    const [first, second] = await Promise.all([download(), failure()]);
    expect(second).toBe('busy: This model is being downloaded already. Wait for it to end.');
    expect(model.equals(await readFile(first))).toBe(true);
  });

  it('may be taken over from a process that was killed', async () => {
    server.file(path, model);
    // No process has this number: it exceeds the systems' limits.
    await writeFile(join(folder, 'tiny.gguf.part.lock'), String(2 ** 30));
    await download();
    expect(await left()).toEqual(['tiny.gguf']);
  });
});

describe('a token', () => {
  it('goes to the first host and to no other one, not even on the way back', async () => {
    const other = await new ModelServer().listen();
    try {
      server.redirect(path, '/renamed');
      server.redirect('/renamed', `${other.address('localhost')}/store`);
      other.redirect('/store', `${server.address()}/back`);
      server.file('/back', model);
      await download({ token: 'hf_secret' });
      expect(other.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
      expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
        'Bearer hf_secret',
        'Bearer hf_secret',
        undefined,
      ]);
    } finally {
      await other.close();
    }
  });

  it('that is refused is named', async () => {
    server.answer(path, (_, response) => {
      response.writeHead(401).end();
    });
    expect(await failure({ token: 'hf_old' })).toContain('refuses the token for tiny.gguf.');
  });
});

describe('a redirect', () => {
  it.each([
    ['to an address that is not encrypted', 'http://models.example/tiny.gguf'],
    ['to a file', 'file:///etc/passwd'],
    ['to nothing', 'http://['],
  ])('%s is not followed', async (_, to) => {
    server.redirect(path, to);
    expect(await failure()).toMatch(/^refused: .* redirects to an address that is not encrypted/u);
  });

  it('in a circle ends', async () => {
    server.redirect(path, path);
    expect(await failure()).toContain('redirects in a circle');
  });
});
