import { mkdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ggufLimits } from './gguf-metadata.ts';
import { modelMetadata, modelTensors, writeGguf } from '../../test/fixtures/gguf-writer.ts';
import type { WrittenFile, WrittenValue } from '../../test/fixtures/gguf-writer.ts';
import { modelFiles, verdict } from '../../test/fixtures/model-files.ts';
import { validateModel } from './validate.ts';

const { folder, validateBytes, verdictOf } = modelFiles();

describe('tensors', () => {
  const first = { name: 'token_embd.weight', shape: [64, 3] };

  it.each<[string, Partial<WrittenFile>, string]>([
    ['none', { tensors: [] }, 'holds no weights'],
    ['no dimensions', { tensors: [{ name: 'a', shape: [] }] }, '0 dimensions'],
    ['five dimensions', { tensors: [{ name: 'a', shape: [1, 1, 1, 1, 1] }] }, '5 dimensions'],
    ['no rows', { tensors: [{ name: 'a', shape: [64, 0] }] }, 'the extent 0'],
    ['2^63 rows', { tensors: [{ name: 'a', shape: [2n ** 63n] }], dataBytes: 0 }, 'the extent'],
    [
      'a product past 2^64',
      { tensors: [{ name: 'a', shape: [2n ** 31n, 2n ** 31n, 4n] }], dataBytes: 0 },
      'larger than any file',
    ],
    ['a type removed', { tensors: [{ ...first, type: 4 }] }, 'the unknown type 4'],
    ['a type of the future', { tensors: [{ ...first, type: 43 }] }, 'the unknown type 43'],
    ['a type of 2^32 - 1', { tensors: [{ ...first, type: 0xffff_ffff }] }, 'the unknown type'],
    ['rows of half a block', { tensors: [{ ...first, shape: [48, 3], type: 8 }] }, 'whole blocks'],
    ['the same twice', { tensors: [first, first] }, 'occurs twice'],
    ['a gap', { tensors: [{ ...first, offset: 32n }] }, 'does not follow'],
    ['an overlap', { tensors: [first, { ...first, name: 'b', offset: 0n }] }, 'does not follow'],
    ['an offset of 2^64 - 32', { tensors: [{ ...first, offset: 2n ** 64n - 32n }] }, 'not follow'],
    ['less data', { dataBytes: 100 }, 'the file is incomplete'],
    ['a name of 64 bytes', { tensors: [{ ...first, name: 'x'.repeat(64) }] }, '64 bytes'],
    ['2^16 + 1 of them', { tensorCount: 65_537n }, '65537 tensors'],
    ['2^64 - 1 of them', { tensorCount: 2n ** 64n - 1n }, '18446744073709551615 tensors'],
  ])('%s: refused', async (_, file, reason) => {
    const found = await verdictOf(file);
    expect(found).toMatch(/^model-invalid: /);
    expect(found).toContain(reason);
  });

  it('may lack the padding after the last one', async () => {
    const tensors = [first, { name: 'odd', shape: [3] }];
    expect(await verdictOf({ tensors, dataBytes: 64 * 3 * 4 + 12 })).toBe('ok');
    expect(await verdictOf({ tensors, dataBytes: 64 * 3 * 4 + 11 })).toContain('incomplete');
  });
});

describe('files that are no models', () => {
  it.each([
    ['', 'is empty'],
    ['G', 'does not begin with the letters GGUF'],
    ['# A text\n', 'does not begin with the letters GGUF'],
    ['GGUF', 'ends in the middle of its header'],
    ['GGUF and then text that goes on', 'its version is'],
  ])('%j: refused', async (text, reason) => {
    const found = verdict(await validateBytes(Buffer.from(text)));
    expect(found).toMatch(/^model-invalid: /);
    expect(found).toContain(reason);
  });

  it('are refused by version', async () => {
    for (const version of [0, 1, 4, 0x0300_0000]) {
      expect(await verdictOf({ version })).toContain('supports only 2 and 3');
    }
    expect(await verdictOf({ version: 2 })).toBe('ok');
  });

  it('are refused when they are folders, missing, or devices', async () => {
    await mkdir(join(folder, 'folder.gguf'));
    expect(verdict(await validateModel(join(folder, 'folder.gguf')))).toContain('is a folder');
    expect(verdict(await validateModel(join(folder, 'no.gguf')))).toMatch(/^model-not-found: /);
    if (process.platform !== 'win32') {
      expect(verdict(await validateModel('/dev/zero'))).toContain('is not a regular file');
    }
  });
});

describe('extreme claims', () => {
  it.each<[string, Partial<WrittenFile>]>([
    ['keys', { keyCount: 2n ** 64n - 1n }],
    ['keys within the limit', { keyCount: BigInt(ggufLimits.keys) }],
    ['tensors within the limit', { tensorCount: BigInt(ggufLimits.tensors) }],
  ])('%s: refused', async (_, file) => {
    expect(await verdictOf(file)).toMatch(/^model-invalid: /);
  });

  /** Writes a header whose first key has this raw value, in a sparse file of a terabyte. */
  async function claim(...parts: readonly (number | bigint)[]): Promise<string> {
    const start = Buffer.alloc(24 + 8 + 1);
    start.write('GGUF');
    start.writeUInt32LE(3, 4);
    start.writeBigUInt64LE(0n, 8);
    start.writeBigUInt64LE(1n, 16);
    start.writeBigUInt64LE(1n, 24);
    start.write('k', 32);
    const rest = parts.map((part) => {
      const bytes = Buffer.alloc(typeof part === 'bigint' ? 8 : 4);
      if (typeof part === 'bigint') bytes.writeBigUInt64LE(part);
      else bytes.writeUInt32LE(part);
      return bytes;
    });
    await writeFile(join(folder, 'claim.gguf'), Buffer.concat([start, ...rest]));
    await truncate(join(folder, 'claim.gguf'), 2 ** 40);
    const before = process.memoryUsage().rss;
    const found = verdict(await validateModel(join(folder, 'claim.gguf')));
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 2 ** 20);
    return found;
  }

  it('of long strings and arrays are refused before they are read, in little memory', async () => {
    for (const length of [2n ** 64n - 1n, 2n ** 63n, 2n ** 53n, 2n ** 32n, 2n ** 31n]) {
      expect(await claim(8, length)).toContain(`has ${String(length)} bytes of k`);
      expect(await claim(9, 8, length)).toContain(`has ${String(length)} values in k`);
      expect(await claim(9, 4, length)).toContain(`has ${String(length)} values in k`);
      expect(await claim(9, 8, 1n, length)).toContain('a string in k is too long');
    }
    expect(await claim(13)).toContain('unknown type 13');
    expect(await claim(9, 9, 1n)).toContain('unknown type 9');
    expect(await claim(8, BigInt(ggufLimits.stringBytes) + 1n)).toContain('the limit is');
  });

  it('of many long strings end at the limit of a header', async () => {
    const found = await claim(9, 8, BigInt(ggufLimits.arrayLength));
    // The hole reads as empty strings; then the header has no vocabulary.
    expect(found).toMatch(/^model-invalid: /);
  });
});

describe('split models', () => {
  const split = (no: number, count: number): Record<string, WrittenValue> => ({
    'split.no': { type: 'uint16', value: no },
    'split.count': { type: 'uint16', value: count },
  });

  async function writePart(name: string, file: WrittenFile): Promise<string> {
    await writeFile(join(folder, name), writeGguf(file));
    return join(folder, name);
  }

  async function writeParts(base: string): Promise<string[]> {
    return [
      await writePart(`${base}-00001-of-00002.gguf`, {
        metadata: modelMetadata('llama', split(0, 2)),
        tensors: modelTensors.slice(1),
      }),
      await writePart(`${base}-00002-of-00002.gguf`, {
        metadata: split(1, 2),
        tensors: modelTensors.slice(0, 1),
      }),
    ];
  }

  it('are one model, whichever part is named', async () => {
    const files = await writeParts('sound');
    for (const path of files) {
      const found = await validateModel(path);
      expect(found).toMatchObject({ ok: true, model: { path: files[0], files } });
    }
  });

  it('are refused when a part is missing, truncated, or another one', async () => {
    const [one = '', two = ''] = await writeParts('broken');
    await truncate(two, 200);
    expect(verdict(await validateModel(one))).toMatch(/^model-invalid: broken-00002-of-00002/);
    await rm(two);
    expect(verdict(await validateModel(one))).toMatch(/^model-not-found: .*broken-00002-of-00002/);
    await writeFile(two, writeGguf({ metadata: split(0, 2), tensors: [] }));
    expect(verdict(await validateModel(one))).toContain('not the part of the model');
  });

  it('are refused under other names', async () => {
    const metadata = modelMetadata('llama', split(0, 3));
    const path = await writePart('renamed.gguf', { metadata, tensors: modelTensors });
    expect(verdict(await validateModel(path))).toContain('-00001-of-00003.gguf');
  });
});
