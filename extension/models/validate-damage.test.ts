import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundledModelPath } from './bundled.ts';
import { readGgufHeader } from './gguf-header.ts';
import { validateModel } from './validate.ts';

let folder: string;
let path: string;
/** The bundled model up to its first tensor's data, and the size of the whole file. */
let header: Buffer;
let size: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loci-damage-'));
  path = join(folder, 'damaged.gguf');
  const bytes = await readFile(bundledModelPath());
  size = bytes.length;
  const handle = await open(bundledModelPath());
  try {
    const { tensors } = await readGgufHeader(handle, size);
    const data = [...tensors.values()].reduce((sum, { bytes: each }) => sum + each, 0);
    header = bytes.subarray(0, size - data);
  } finally {
    await handle.close();
  }
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Writes a header, followed by a hole up to the model's size. */
async function write(bytes: Uint8Array, length: number): Promise<void> {
  const handle = await open(path, 'w');
  try {
    await handle.write(bytes);
    await handle.truncate(length);
  } finally {
    await handle.close();
  }
}

it('the header alone, in a file of the right size, is sound', async () => {
  expect(header.length).toBeLessThan(size / 10);
  await write(header, size);
  expect((await validateModel(path)).ok).toBe(true);
});

it('a file cut at any 64th of its header or of its data is refused with one sentence', async () => {
  for (const end of [header.length, size - 1]) {
    for (let part = 0; part < 64; part++) {
      const length = Math.floor((end * part) / 64);
      await writeFile(path, header.subarray(0, length));
      if (length > header.length) await write(header, length);
      const found = await validateModel(path);
      expect(found.ok, `cut at ${String(length)}`).toBe(false);
      if (!found.ok) expect(found.message).toMatch(/^[^\n]+\.$/);
    }
  }
});

it('flipped bytes are judged without an exception and in little memory', async () => {
  let state = 20_261_122;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const before = process.memoryUsage().rss;
  const codes = new Map<string, number>();
  for (let round = 0; round < 400; round++) {
    const bytes = Buffer.from(header);
    // Most of the header is token text; the structure is at its start and its end.
    const zone = random(3);
    for (let flips = 1 + random(4); flips > 0; flips--) {
      const at =
        zone === 0
          ? random(2048)
          : zone === 1
            ? header.length - 1 - random(Math.min(header.length, 4096))
            : random(header.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
    }
    await write(bytes, size);
    const found = await validateModel(path);
    const code = found.ok ? 'ok' : found.code;
    codes.set(code, (codes.get(code) ?? 0) + 1);
    if (!found.ok) expect(found.message).toMatch(/^[^\n]+\.$/);
  }
  expect(process.memoryUsage().rss - before).toBeLessThan(128 * 2 ** 20);
  expect(codes.get('model-invalid')).toBeGreaterThan(100);
  expect(codes.get('model-unreadable')).toBeUndefined();
  expect(codes.get('model-not-found')).toBeUndefined();
});

it('noise after the magic is refused', async () => {
  for (let seed = 1; seed <= 50; seed++) {
    const noise = (index: number): number => Math.imul(index * 31 + seed, 2_654_435_761) >>> 24;
    const bytes = Buffer.from(Array.from({ length: 4096 }, (_, index) => noise(index)));
    bytes.write('GGUF');
    bytes.writeUInt32LE(3, 4);
    await write(bytes, size);
    expect((await validateModel(path)).ok).toBe(false);
  }
});
