/** Downloads from a real server that cuts, stops, changes and damages. */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Downloads, model, path, sum, tagged } from '../../../test/fixtures/downloads.ts';
import type { DownloadProgress } from '../../protocol/download-progress.ts';

const downloads = new Downloads();

describe('a model', () => {
  it('arrives whole, with progress, and nothing else stays', async () => {
    downloads.server.file(path, model, { headers: tagged });
    const told: DownloadProgress[] = [];
    const target = await downloads.download({
      sha256: sum,
      onProgress: (progress) => told.push(progress),
    });
    expect(target).toBe(join(downloads.folder, 'tiny.gguf'));
    expect(model.equals(await readFile(target))).toBe(true);
    expect(await downloads.left()).toEqual(['tiny.gguf']);
    expect([...new Set(told.map(({ phase }) => phase))]).toEqual([
      'connecting',
      'downloading',
      'checking',
    ]);
    const last = told.findLast(({ phase }) => phase === 'downloading');
    expect(last).toMatchObject({ bytes: model.length, totalBytes: model.length, secondsLeft: 0 });
    expect(last?.bytesPerSecond).toBeGreaterThan(0);
    expect(await downloads.failure()).toBe('exists: tiny.gguf is downloaded already.');
  });

  it('goes on where the connection was cut, as often as more arrives', async () => {
    downloads.server.file(path, model, {
      headers: tagged,
      cuts: [1_000_000, 0, 2_000_000, 500_000],
    });
    const target = await downloads.download({ sha256: sum });
    expect(model.equals(await readFile(target))).toBe(true);
    const [first, ...later] = downloads.ranges();
    expect(first).toBeUndefined();
    expect(later).toHaveLength(4);
    for (const range of later) expect(range).toMatch(/^bytes=[1-9]\d+-$/u);
  });

  it('goes on after it was stopped, and the part is kept until then', async () => {
    downloads.server.file(path, model, { headers: tagged, pauseMs: 5 });
    const controller = new AbortController();
    const stopped = await downloads.failure({
      signal: controller.signal,
      onProgress: ({ bytes }) => {
        if (bytes > 300_000) controller.abort();
      },
    });
    expect(stopped).toBe(
      'stopped: The download was stopped. Choose the model again to go on from there.',
    );
    expect(await downloads.left()).toEqual(['tiny.gguf.part', 'tiny.gguf.part.json']);
    const kept = (await readFile(join(downloads.folder, 'tiny.gguf.part'))).length;
    expect(kept).toBeGreaterThan(300_000);
    expect(kept).toBeLessThan(model.length);
    downloads.server.file(path, model, { headers: tagged });
    const target = await downloads.download({ sha256: sum });
    expect(model.equals(await readFile(target))).toBe(true);
    expect(downloads.ranges().at(-1)).toBe(`bytes=${String(kept)}-`);
  });

  it('begins again where the server has no ranges', async () => {
    downloads.server.file(path, model, { headers: tagged, ranges: false, cuts: [1_000_000] });
    const target = await downloads.download({ sha256: sum });
    expect(model.equals(await readFile(target))).toBe(true);
    expect(downloads.server.requests).toHaveLength(2);
  });

  it.each([
    ['another version is there', { etag: '"second"' }],
    ['the server does not say which version it has', {}],
  ])('begins again where %s', async (_, headers) => {
    downloads.server.file(path, model, { headers: tagged, cuts: [1_000_000, 0, 0, 0] });
    expect(await downloads.failure()).toContain('no-network: ');
    downloads.server.file(path, model, { headers });
    const target = await downloads.download();
    expect(model.equals(await readFile(target))).toBe(true);
    expect(downloads.ranges().at(-1)).toBeUndefined();
  });

  it('begins again where the part is longer than the file', async () => {
    downloads.server.file(path, model, { headers: tagged });
    await writeFile(join(downloads.folder, 'tiny.gguf.part'), Buffer.alloc(model.length + 1));
    await writeFile(
      join(downloads.folder, 'tiny.gguf.part.json'),
      JSON.stringify({ address: downloads.server.address() + path, identity: 'etag:"first"' }),
    );
    const target = await downloads.download();
    expect(model.equals(await readFile(target))).toBe(true);
  });

  it('is not asked for again where the part is complete', async () => {
    downloads.server.file(path, model, { headers: tagged });
    await writeFile(join(downloads.folder, 'tiny.gguf.part'), model);
    await writeFile(
      join(downloads.folder, 'tiny.gguf.part.json'),
      JSON.stringify({
        address: downloads.server.address() + path,
        identity: `sha256:${sum}`,
        totalBytes: model.length,
      }),
    );
    await downloads.download();
    expect(downloads.server.requests).toEqual([]);
    expect(await downloads.left()).toEqual(['tiny.gguf']);
  });

  it('goes on where the server was silent for too long', async () => {
    let answers = 0;
    downloads.server.file('/later', model, { headers: tagged });
    downloads.server.answer(path, (_, response) => {
      if (answers++ > 0) response.writeHead(302, { location: '/later' }).end();
      else response.writeHead(200, { ...tagged, 'content-length': model.length }).write('GGUF');
    });
    const target = await downloads.download({ sha256: sum, idleMs: 200 });
    expect(model.equals(await readFile(target))).toBe(true);
  });

  it('waits for a server that is busy', async () => {
    let answers = 0;
    downloads.server.file('/later', model);
    downloads.server.answer(path, (_, response) => {
      if (answers++ === 0) response.writeHead(503).end();
      else response.writeHead(302, { location: '/later' }).end();
    });
    await downloads.download();
    expect(await downloads.left()).toEqual(['tiny.gguf']);
  });
});

describe('a sum', () => {
  it.each([
    ['the list', sum, {}],
    ['the hub', undefined, { 'x-linked-etag': `"${sum}"` }],
  ])('of %s is compared', async (_, sha256, headers) => {
    const damaged = Buffer.from(model);
    damaged[model.length - 1] = 255 - (damaged[model.length - 1] ?? 0);
    downloads.server.file('/store', damaged);
    downloads.server.redirect(path, '/store', headers);
    expect(await downloads.failure(sha256 === undefined ? {} : { sha256 })).toBe(
      'wrong-sum: tiny.gguf arrived damaged: its SHA-256 is not the one that is stated for it. Download it again.',
    );
    expect(await downloads.left()).toEqual([]);
  });

  it('that the hub states otherwise than the list is refused before the file arrives', async () => {
    downloads.server.file('/store', model);
    downloads.server.redirect(path, '/store', { 'x-linked-etag': `"${'0'.repeat(64)}"` });
    expect(await downloads.failure({ sha256: sum })).toContain('wrong-sum: 127.0.0.1');
    expect(await downloads.left()).toEqual([]);
  });
});
