/** `loci models pull` and `list`, against a real server on this machine. */
import { createHash } from 'node:crypto';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bundledModelPath } from '../../extension/models/bundled.ts';
import { ModelServer } from '../fixtures/model-server.ts';
import { loci } from './loci.ts';
import type { Outcome } from './loci.ts';

const model = await readFile(bundledModelPath());
const sum = createHash('sha256').update(model).digest('hex');
const path = '/owner/tiny/resolve/main/tiny.gguf';

let server: ModelServer;
let folder: string;
beforeEach(async () => {
  server = await new ModelServer().listen();
  folder = await mkdtemp(join(tmpdir(), 'loci-pull-'));
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

function models(
  argv: readonly string[],
  onErrorOutput?: (text: string, child: ChildProcess) => void,
): Promise<Outcome> {
  const env = {
    LOCI_MODELS_DIR: folder,
    HF_ENDPOINT: server.address(),
    HF_TOKEN: 'hf_secret',
    HTTP_PROXY: 'http://127.0.0.1:1',
  };
  return loci(['models', ...argv], onErrorOutput, { env });
}

describe('loci models pull', () => {
  it('downloads from the hub, says how far it is, and prints the path', async () => {
    server.file('/store', model, { cuts: [2_000_000], headers: { etag: '"one"' } });
    server.redirect(path, '/store', { 'x-linked-etag': `"${sum}"` });
    const { code, stdout, stderr } = await models(['pull', 'owner/tiny/tiny.gguf']);
    const target = join(folder, 'tiny.gguf');
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${target}\n` });
    expect(stderr).toMatch(/^tiny\.gguf: .* of 7\.8 MiB \(\d+ %\)/mu);
    expect(stderr).toContain('tiny.gguf: The connection was cut');
    expect(stderr).toContain('tiny.gguf: Checking');
    expect(model.equals(await readFile(target))).toBe(true);
    expect(server.requests[0]?.headers.authorization).toBe('Bearer hf_secret');

    const again = await models(['pull', 'owner/tiny/tiny.gguf', '--json']);
    expect(JSON.parse(again.stdout)).toEqual({ path: target });
    expect(server.requests).toHaveLength(4);
  });

  it('keeps what has arrived at Ctrl+C, and goes on there', async () => {
    server.file(path, model, { headers: { etag: '"one"' }, pauseMs: 20 });
    let sent = false;
    const { code, stdout, stderr } = await models(
      ['pull', 'owner/tiny/tiny.gguf'],
      (text, child) => {
        if (sent || !text.includes(' of 7.8 MiB')) return;
        sent = true;
        setTimeout(() => child.kill('SIGINT'), 500);
      },
    );
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).toMatch(/What has arrived is kept\. Run the command again .*\nCancelled\.\n$/u);
    const { size } = await stat(join(folder, 'tiny.gguf.part'));
    expect(size).toBeGreaterThan(0);
    expect(size).toBeLessThan(model.length);
    server.file(path, model, { headers: { etag: '"one"' } });
    expect((await models(['pull', 'owner/tiny/tiny.gguf'])).code).toBe(0);
    expect(server.requests.at(-1)?.headers.range).toBe(`bytes=${String(size)}-`);
    expect(await readdir(folder)).toEqual(['tiny.gguf']);
  });

  it('says in one sentence what is wrong, and sends no token elsewhere', async () => {
    const { code, stderr } = await models(['pull', 'owner/tiny/other.gguf']);
    const { host, port } = new URL(server.address());
    expect({ code, last: stderr.trim().split('\n').at(-1) }).toEqual({
      code: 1,
      last: `${host} has no other.gguf. Check the address.`,
    });
    const elsewhere = await models(['pull', `http://localhost:${port}/x.gguf`]);
    expect(elsewhere.code).toBe(1);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer hf_secret',
      undefined,
    ]);
  });

  it.each([
    [['pull'], 'needs one name or address'],
    [['pull', 'a', 'b'], 'needs one name or address'],
    [['pull', 'nonsense'], '"loci models list" lists names'],
    [['pull', 'a/b/c.gguf', '--hub', 'nonsense'], 'is not the address of a hub'],
    [['list', 'more'], 'takes no argument'],
    [['--hub', 'https://a.example'], '--hub needs pull'],
  ])('refuses %j', async (argv, sentence) => {
    const { code, stderr } = await models(argv);
    expect(code).toBe(2);
    expect(stderr).toContain(sentence);
    expect(server.requests).toEqual([]);
  });
});

describe('loci models list', () => {
  it('shows what can be downloaded and what was, and connects to nothing', async () => {
    server.file('/o/r/resolve/main/whole.gguf', model);
    await models(['pull', 'o/r/whole.gguf']);
    const before = server.requests.length;
    const { code, stdout } = await models(['list']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}qwen2\.5-coder-0\.5b +644 MiB, Q8_0, Apache-2\.0, \S/mu);
    expect(stdout).toContain(
      `Downloaded into ${folder}:\n  ${join(folder, 'whole.gguf')} (7.8 MiB)`,
    );
    const { models: listed, downloaded } = z
      .object({
        models: z.array(z.object({ name: z.string(), fits: z.enum(['gpu', 'cpu']).nullable() })),
        downloaded: z.array(z.object({ path: z.string(), complete: z.boolean() })),
      })
      .parse(JSON.parse((await models(['list', '--json'])).stdout));
    expect(listed.length).toBeGreaterThanOrEqual(5);
    expect(downloaded).toEqual([{ path: join(folder, 'whole.gguf'), complete: true }]);
    expect(server.requests).toHaveLength(before);
  });
});
