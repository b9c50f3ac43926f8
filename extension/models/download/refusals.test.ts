/** Downloads that are refused, by the server or by Loci, and where a token goes. */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Downloads, model, path } from '../../../test/fixtures/downloads.ts';
import { modelMetadata, modelTensors, writeGguf } from '../../../test/fixtures/gguf-writer.ts';
import { ModelServer } from '../../../test/fixtures/model-server.ts';

const downloads = new Downloads();

describe('what cannot be downloaded', () => {
  it.each([
    [404, 'not-found: HOST has no tiny.gguf. Check the address.'],
    [401, 'needs-token: HOST needs a token for tiny.gguf.'],
    [403, 'needs-token: HOST needs a token for tiny.gguf.'],
    [500, 'refused: HOST is busy. Try again later; what has arrived is kept.'],
    [418, 'refused: HOST answered with status 418 instead of a file. Check the address.'],
  ])('has a sentence for status %d', async (status, sentence) => {
    downloads.server.answer(path, (_, response) => {
      response.writeHead(status).end();
    });
    const { host } = new URL(downloads.server.address());
    expect((await downloads.failure()).replace(host, 'HOST')).toBe(sentence);
    expect(await downloads.left()).toEqual([]);
  });

  it('has a sentence where no server listens', async () => {
    await downloads.server.close();
    expect(await downloads.failure()).toContain('cannot be reached. Check the network');
  });

  it('is refused at once where it is a page', async () => {
    downloads.server.file(path, Buffer.from('<!doctype html>'.repeat(100_000)));
    expect(await downloads.failure()).toContain('not-a-model: 127.0.0.1');
  });

  it('is deleted where Loci cannot use it', async () => {
    const metadata = modelMetadata('mamba');
    downloads.server.file(path, writeGguf({ metadata, tensors: modelTensors }));
    expect(await downloads.failure()).toMatch(/^not-a-model: tiny\.gguf cannot be used: /u);
    downloads.server.file(path, Buffer.concat([Buffer.from('GGUF'), Buffer.alloc(100)]));
    expect(await downloads.failure()).toMatch(
      /^not-a-model: tiny\.gguf is not a valid GGUF model: /u,
    );
    expect(await downloads.left()).toEqual([]);
  });

  it('is refused while it arrives where its header shows that Loci cannot use it', async () => {
    const tensors = [...modelTensors, { name: 'large', shape: [1_000, 3_000] }];
    const mamba = writeGguf({ metadata: modelMetadata('mamba'), tensors });
    downloads.server.answer(path, (_, response) => {
      response.writeHead(200, { 'content-length': mamba.length });
      // The rest never comes.
      response.write(mamba.subarray(0, 2_000_000));
    });
    expect(await downloads.failure()).toMatch(/^not-a-model: tiny\.gguf cannot be used: /u);
    expect(await downloads.left()).toEqual([]);
  });

  it('is refused before it arrives where the disk is too small', async () => {
    downloads.server.answer(path, (_, response) => {
      response.writeHead(200, { 'content-length': 2 ** 52 }).write('GGUF');
    });
    expect(await downloads.failure()).toBe(
      'disk-full: The disk is too full for this model. Make room first.',
    );
  });

  it('is not downloaded twice at a time', async () => {
    downloads.server.file(path, model, { pauseMs: 5 });
    const both = [downloads.failure(), downloads.failure()];
    const [second, first = ''] = (await Promise.all(both)).sort(
      (left, right) => Number(right.startsWith('busy')) - Number(left.startsWith('busy')),
    );
    expect(second).toBe('busy: This model is being downloaded already. Wait for it to end.');
    expect(model.equals(await readFile(first))).toBe(true);
  });

  it('may be taken over from a process that was killed', async () => {
    downloads.server.file(path, model);
    // No process has this number: it exceeds the systems' limits.
    await writeFile(join(downloads.folder, 'tiny.gguf.part.lock'), String(2 ** 30));
    await downloads.download();
    expect(await downloads.left()).toEqual(['tiny.gguf']);
  });
});

describe('a token', () => {
  it('goes to the first host and to no other one, not even on the way back', async () => {
    const other = await new ModelServer().listen();
    try {
      downloads.server.redirect(path, '/renamed');
      downloads.server.redirect('/renamed', `${other.address('localhost')}/store`);
      other.redirect('/store', `${downloads.server.address()}/back`);
      downloads.server.file('/back', model);
      await downloads.download({ token: 'hf_secret' });
      expect(other.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
      expect(downloads.server.requests.map(({ headers }) => headers.authorization)).toEqual([
        'Bearer hf_secret',
        'Bearer hf_secret',
        undefined,
      ]);
    } finally {
      await other.close();
    }
  });

  it('that is refused is named', async () => {
    downloads.server.answer(path, (_, response) => {
      response.writeHead(401).end();
    });
    expect(await downloads.failure({ token: 'hf_old' })).toContain(
      'refuses the token for tiny.gguf.',
    );
  });
});

describe('a redirect', () => {
  it.each([
    ['to an address that is not encrypted', 'http://models.example/tiny.gguf'],
    ['to a file', 'file:///etc/passwd'],
    ['to nothing', 'http://['],
  ])('%s is not followed', async (_, to) => {
    downloads.server.redirect(path, to);
    expect(await downloads.failure()).toMatch(
      /^refused: .* redirects to an address that is not encrypted/u,
    );
  });

  it('in a circle ends', async () => {
    downloads.server.redirect(path, path);
    expect(await downloads.failure()).toContain('redirects in a circle');
  });
});
