import { describe, expect, it } from 'vitest';
import { usualHub } from '../../protocol/model-hub.ts';
import { hubAddress, modelAddress } from './address.ts';
import { DownloadError } from './download-error.ts';
import { environmentProxies, proxyFor } from './proxy.ts';

/** The address and the file's name, or the sentence of what is refused. */
function read(text: string, hub = usualHub): string {
  try {
    const { url, fileName } = modelAddress(text, hub);
    return `${url.href} ${fileName}`;
  } catch (error) {
    return error instanceof DownloadError ? error.message : String(error);
  }
}

describe('the address of a model', () => {
  it.each([
    [
      'https://models.example/a/Model-Q4.gguf',
      'https://models.example/a/Model-Q4.gguf Model-Q4.gguf',
    ],
    [
      ' https://huggingface.co/o/r/blob/main/x.gguf#page ',
      'https://huggingface.co/o/r/resolve/main/x.gguf x.gguf',
    ],
    [
      'https://huggingface.co/o/r/resolve/main/x.gguf?download=true',
      'https://huggingface.co/o/r/resolve/main/x.gguf?download=true x.gguf',
    ],
    ['owner/some.repo-GGUF/x.gguf', `${usualHub}/owner/some.repo-GGUF/resolve/main/x.gguf x.gguf`],
    ['o/r/folder/x.gguf', `${usualHub}/o/r/resolve/main/folder/x.gguf x.gguf`],
    ['http://localhost:8080/x.gguf', 'http://localhost:8080/x.gguf x.gguf'],
    ['http://[::1]/x.gguf', 'http://[::1]/x.gguf x.gguf'],
    [
      'https://models.example/my%20model.gguf',
      'https://models.example/my%20model.gguf my model.gguf',
    ],
  ])('%s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it('is on the hub that the user set, encrypted or not', () => {
    const hub = hubAddress(' http://mirror.lan:8000/hf// ') ?? '';
    const file = 'http://mirror.lan:8000/hf/o/r/resolve/main/x.gguf';
    expect(read('o/r/x.gguf', hub)).toBe(`${file} x.gguf`);
    expect(read(file, hub)).toBe(`${file} x.gguf`);
  });

  it.each([
    ['http://models.example/x.gguf', 'is not encrypted'],
    ['http://localhost.example/x.gguf', 'is not encrypted'],
    ['http://127.0.0.1.example/x.gguf', 'is not encrypted'],
    ['ftp://models.example/x.gguf', 'is not the address of a model'],
    ['file:///x.gguf', 'is not the address of a model'],
    ['Qwen', 'is not the address of a model'],
    ['', 'is not the address of a model'],
    ['https://user:word@models.example/x.gguf', 'contains a password'],
    ['https://models.example/x.bin', 'does not end in the name of a GGUF file'],
    ['https://models.example/..%2f..%2fx.gguf', 'does not end in the name of a GGUF file'],
    ['https://models.example/..%5cx.gguf', 'does not end in the name of a GGUF file'],
    ['https://models.example/.gguf', 'does not end in the name of a GGUF file'],
    ['https://models.example/%E0%A4%A.gguf', 'does not end in the name of a GGUF file'],
    ['https://models.example/a%0ab.gguf', 'does not end in the name of a GGUF file'],
    ['o/r/x-00001-of-00002.gguf', 'is one part of a model'],
  ])('%s is refused', (text, sentence) => {
    expect(read(text)).toContain(sentence);
  });
});

it.each(['', 'mirror.lan', 'ftp://mirror.lan', 'https://user:word@mirror.lan', 'https://m.lan?x'])(
  'a hub cannot be “%s”',
  (text) => {
    expect(hubAddress(text)).toBeNull();
  },
);

describe('the proxy of a request', () => {
  const proxies = environmentProxies({
    HTTPS_PROXY: 'http://proxy.lan:3128',
    http_proxy: 'plain.lan',
    NO_PROXY: '.inner.lan, exact.example, 10.0.0.1:8080',
  });

  it.each([
    ['https://huggingface.co/x', 'http://proxy.lan:3128/'],
    ['http://mirror.example/x', 'http://plain.lan/'],
    ['https://deep.inner.lan/x', undefined],
    ['https://exact.example/x', undefined],
    ['https://inexact.example/x', 'http://proxy.lan:3128/'],
    ['http://10.0.0.1:8080/x', undefined],
    ['http://10.0.0.1/x', 'http://plain.lan/'],
    ['http://localhost:1/x', undefined],
  ])('%s', (url, expected) => {
    expect(proxyFor(new URL(url), proxies)?.href).toBe(expected);
  });

  it('is none where all hosts are excepted', () => {
    const url = new URL('https://huggingface.co/x');
    expect(proxyFor(url, { ...proxies, except: ['*'] })).toBeNull();
  });

  it('is not passed by where Loci cannot use it', () => {
    const url = new URL('https://huggingface.co/x');
    for (const https of ['socks5://proxy.lan', 'http://[']) {
      expect(() => proxyFor(url, { ...proxies, https })).toThrow('cannot use the proxy');
    }
  });
});
