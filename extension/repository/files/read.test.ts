import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, open, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type FileText, readText } from './read.ts';

const privateKey = [
  '-----BEGIN OPENSSH',
  'PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAAB\n',
].join(' ');

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'loci-read-'));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

async function read(content: string | Uint8Array | null, maxFileBytes?: number): Promise<FileText> {
  const absolutePath = join(root, 'a.ts');
  if (content !== null) await writeFile(absolutePath, content);
  const limit = maxFileBytes === undefined ? {} : { maxFileBytes };
  return readText({ path: 'a.ts', absolutePath }, limit);
}

function skipped(reason: string, detail?: string): unknown {
  return {
    ok: false,
    skipped: { path: 'a.ts', reason, ...(detail === undefined ? {} : { detail }) },
  };
}

it('removes a byte order mark and ends lines with a line feed', async () => {
  expect(await read('\uFEFFa\r\nb\rc\n')).toEqual({ ok: true, text: 'a\nb\nc\n', bytes: 10 });
});

it('reads an empty file as empty text', async () => {
  expect(await read('')).toEqual({ ok: true, text: '', bytes: 0 });
});

it('reads older encodings, and replaces a character that was cut', async () => {
  const latin = Uint8Array.from(Buffer.from('// Größe\nconst a = 1;\n', 'latin1'));
  expect(await read(latin)).toMatchObject({ ok: true, text: '// Größe\nconst a = 1;\n' });
  const cut = Uint8Array.from([...Buffer.from('const smile = 1; // '), 0xf0, 0x9f]);
  expect(await read(cut)).toMatchObject({ ok: true, text: 'const smile = 1; // \uFFFD' });
});

it('reads UTF-16 that says so', async () => {
  const text = '\uFEFFconst a = "é";\r\n';
  const little = Buffer.from(text, 'utf16le');
  const expected = { ok: true, text: 'const a = "é";\n' };
  expect(await read(Uint8Array.from(little))).toMatchObject(expected);
  expect(await read(Uint8Array.from(little).map((_, i, all) => all[i ^ 1] ?? 0))).toMatchObject(
    expected,
  );
});

it('leaves out what became binary, generated, secret or too large since it was listed', async () => {
  expect(await read(Uint8Array.from([1, 2, 0, 3]))).toEqual(skipped('binary', 'is not text'));
  expect(await read(Uint8Array.from({ length: 999 }, (_, i) => 128 + (i % 100)))).toEqual(
    skipped('binary', 'is not text'),
  );
  expect(await read(privateKey)).toEqual(skipped('secret', 'contains a private key'));
  expect(await read(`${'short\n'.repeat(3000)}${'f(1);'.repeat(5000)}\n`)).toEqual(
    skipped('generated', 'has very long lines, as minified code does'),
  );
  expect(await read('x\n'.repeat(60), 100)).toEqual(
    skipped('too-large', 'is larger than 100 bytes'),
  );
});

it('reads what stands far down in a file, too', async () => {
  const code = 'const a = 1;\n'.repeat(2_000);
  expect(await read(`${code}${privateKey}`)).toEqual(skipped('secret', 'contains a private key'));
  const long = `${code}const b = '${'x; '.repeat(3_000)}';\nlast();\n`;
  expect(await read(long)).toMatchObject({
    text: `${code}const b = '[9000 characters]';\nlast();\n`,
  });
});

it('does not read a file that is far over the limit', async () => {
  await writeFile(join(root, 'a.ts'), '');
  const handle = await open(join(root, 'a.ts'), 'r+');
  await handle.truncate(2 ** 40);
  await handle.close();
  expect(await read(null)).toEqual(skipped('too-large', 'is larger than 256 KiB'));
});

it('says that a file is gone, or cannot be read', async () => {
  expect(await read(null)).toEqual(skipped('disappeared'));
  await mkdir(join(root, 'a.ts'));
  expect(await read(null)).toEqual(skipped('unreadable'));
});

it.skipIf(process.platform === 'win32')('follows no link and waits for no pipe', async () => {
  await writeFile(join(root, 'target.ts'), 'target\n');
  await symlink(join(root, 'target.ts'), join(root, 'a.ts'));
  expect(await read(null)).toEqual(skipped('unreadable'));
  await rm(join(root, 'a.ts'));
  execFileSync('mkfifo', [join(root, 'a.ts')]);
  expect(await read(null)).toEqual(skipped('unreadable'));
});

it.skipIf(process.getuid === undefined || process.getuid() === 0)(
  'says that a file is forbidden',
  async () => {
    await writeFile(join(root, 'a.ts'), 'a\n');
    await chmod(join(root, 'a.ts'), 0);
    expect(await read(null)).toEqual(skipped('unreadable'));
  },
);

it('rejects with the reason of its signal', async () => {
  const reason = new Error('stop');
  const file = { path: 'a.ts', absolutePath: join(root, 'a.ts') };
  await expect(readText(file, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});
