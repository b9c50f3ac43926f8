/** Kept memories that are damaged, cut, foreign or of something else: refused in one sentence, and read again. */

import {
  appendFile,
  cp,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readContainer, writeContainer } from '../../extension/engine/keeping/container.ts';
import { filesBytes, filesOf, manifestOf } from '../../extension/engine/keeping/manifest.ts';
import { partLimits } from '../../extension/engine/keeping/restore-memory.ts';
import { bundledModelPath } from '../../extension/models/bundled.ts';
import type { OpenParameters, OpenResult } from '../../extension/protocol/requests/open.ts';
import type { StreamFile } from '../../extension/repository/stream/stream-file.ts';
import { never, opening, startEngine } from './support/engine.ts';
import { folderOf, temporaryFolder } from './support/folders.ts';

const root = await folderOf({
  'src/limits.ts': 'export const retryLimit = 7;\nexport const timeoutMs = 250;\n',
  'src/use.ts': "import { retryLimit } from './limits.ts';\nexport const twice = 2 * retryLimit;\n",
});
const engine = await startEngine();
const model = join(await temporaryFolder(), 'model.gguf');
await cp(bundledModelPath(), model);
const wanted = opening(root, { modelPath: model });

/** A folder with two generations, of which the newer one alone is of use where a test damages one. */
const original = await temporaryFolder();
await engine.session.open({ ...wanted, keep: { folder: original, restore: false } }, never);
expect(await engine.session.keep(never)).toBe(true);
const names = await readdir(original);
const own = names.find((name) => name.endsWith('.loci')) ?? '';
const values = names.find((name) => name.endsWith('.kv')) ?? '';

/** Numbers below a limit, the same for the same seed. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

async function change(path: string, alter: (bytes: Buffer) => Buffer): Promise<void> {
  await writeFile(path, alter(await readFile(path)));
}

/** One bit within [from, to) of a file, by a seed. */
function flip(name: string, from: number, to: number, seed: number) {
  return (folder: string): Promise<void> =>
    change(join(folder, name), (bytes) => {
      const random = numbers(seed);
      const end = Math.min(to, bytes.length);
      const at = from + random(end - from);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
      return bytes;
    });
}

/** Parts that are others, with sums that are right: what an attacker would write. */
function doctored(alter: (parts: Uint8Array[]) => void) {
  return async (folder: string): Promise<void> => {
    const path = join(folder, own);
    const parts = await readContainer(path, partLimits, never);
    alter(parts);
    await rm(path);
    await writeContainer(path, parts, never);
  };
}

function doctoredManifest(alter: (manifest: Record<string, unknown>) => unknown) {
  return doctored((parts) => {
    const manifest = JSON.parse(Buffer.from(parts[0] ?? []).toString()) as Record<string, unknown>;
    parts[0] = Buffer.from(JSON.stringify(alter(manifest)));
  });
}

function doctoredFiles(alter: (files: StreamFile[]) => readonly StreamFile[]) {
  return doctored((parts) => {
    const { streamTokens } = manifestOf(parts[0] ?? new Uint8Array());
    parts[1] = filesBytes(alter(filesOf(parts[1] ?? new Uint8Array(), streamTokens)));
  });
}

const headBytes = 16 + 3 * 40 + 32;
const damaged = 'The kept memory is damaged; the repository is read again.';

type Damage = readonly [string, (folder: string) => Promise<void>];
const damages: readonly Damage[] = [
  ['its magic in a bit', flip(own, 0, 8, 1)],
  ['its number of parts in a bit', flip(own, 12, 16, 2)],
  ...[3, 4, 5].map((seed): Damage => [
    `its table in a bit (${String(seed)})`,
    flip(own, 16, headBytes - 32, seed),
  ]),
  ['its sum in a bit', flip(own, headBytes - 32, headBytes, 6)],
  ...[7, 8, 9].map((seed): Damage => [
    `its parts in a bit (${String(seed)})`,
    flip(own, headBytes, Infinity, seed),
  ]),
  ...[10, 11, 12].map((seed): Damage => [
    `the header of its keys in a bit (${String(seed)})`,
    flip(values, 0, 48, seed),
  ]),
  ...[13, 14, 15, 16].map((seed): Damage => [
    `its keys and values in a bit (${String(seed)})`,
    flip(values, 48, Infinity, seed),
  ]),
  ['its file empty', (folder) => truncate(join(folder, own), 0)],
  ['its file cut in its head', (folder) => truncate(join(folder, own), headBytes - 1)],
  ['its file cut in its parts', (folder) => truncate(join(folder, own), headBytes + 100)],
  ['its file longer', (folder) => appendFile(join(folder, own), 'x')],
  ['its keys cut', (folder) => truncate(join(folder, values), 1000)],
  ['its keys empty', (folder) => truncate(join(folder, values), 0)],
  ['its keys longer', (folder) => appendFile(join(folder, values), 'x')],
  ['its keys gone', (folder) => rm(join(folder, values))],
  [
    'its keys a folder',
    async (folder) => {
      await rm(join(folder, values));
      await mkdir(join(folder, values));
    },
  ],
  ['another kind of file', (folder) => writeFile(join(folder, own), '{"memory": []}'.repeat(50))],
  ['a number of generation that it does not have', (folder) => renumbered(folder, 1, 7)],
  ['a path out of the root', doctoredFiles((files) => renamed(files, '../outside.ts'))],
  ['an absolute path', doctoredFiles((files) => renamed(files, '/etc/passwd'))],
  ['one path twice', doctoredFiles(([a, b]) => (a && b ? [a, { ...b, path: a.path }] : []))],
  ['files that overlap', doctoredFiles(([a, b]) => (a && b ? [a, { ...b, from: a.from }] : []))],
  ['a file beyond the stream', doctoredFiles((files) => files.map((f) => ({ ...f, to: 2 ** 40 })))],
  [
    'lines that are too many',
    doctored((parts) => parts.push(parts.pop()?.subarray(4) ?? new Uint8Array())),
  ],
  ['a line that its file does not have', doctored((parts) => parts[2]?.fill(255))],
  ['no JSON', doctored((parts) => (parts[0] = Buffer.from('{')))],
  ['other text', doctored((parts) => (parts[0] = Buffer.from([0xff, 0xfe])))],
  ['a field that no manifest has', doctoredManifest((manifest) => ({ ...manifest, more: 1 }))],
  [
    'a prototype',
    doctored((parts) => {
      const text = Buffer.from(parts[0] ?? []).toString();
      parts[0] = Buffer.from(text.replace('{', '{"__proto__":{"refined":true},'));
    }),
  ],
  [
    'more tokens than it has',
    doctoredManifest((manifest) => ({ ...manifest, streamTokens: 1e15 })),
  ],
];

it.each(damages)('is refused with %s', async (_, damage) => {
  const folder = await copyOf(original);
  await damage(folder);
  const opened = await openAgain(folder, {});
  expect(opened.notices).toContain(damaged);
});

it.each<readonly [string, string, (folder: string) => Promise<Partial<OpenParameters>>]>([
  [
    'a newer format',
    'is of another version of Loci',
    async (folder) => {
      await change(join(folder, own), (bytes) => {
        bytes.writeUInt32LE(bytes.readUInt32LE(8) + 1, 8);
        return bytes;
      });
      return {};
    },
  ],
  [
    'another engine',
    'is of another version of Loci',
    fingerprint((of) => ({ ...of, engine: 'A'.repeat(43) })),
  ],
  [
    'other libraries',
    'is of another version of Loci',
    fingerprint((of) => ({ ...of, libraries: 'b1' })),
  ],
  ['another device', 'is of another device', fingerprint((of) => ({ ...of, gpu: 'metal' }))],
  ['other folders', 'is of other folders', fingerprint((of) => ({ ...of, roots: ['/other'] }))],
  [
    'a model that was touched',
    'is of another model',
    async () => {
      const other = join(await temporaryFolder(), 'model.gguf');
      await cp(model, other);
      await utimes(other, 1, 1);
      return { modelPath: other };
    },
  ],
  ['another policy', 'was made by another policy', settings({ policy: 'streaming' })],
  [
    'other parameters',
    'was made by another policy',
    settings({ policyParameters: { recent: '17' } }),
  ],
  ['another type', 'holds keys and values of another type', settings({ kvType: 'q8_0' })],
  ['a larger budget', 'has a smaller budget', settings({ budget: { unit: 'tokens', value: 900 } })],
  ['another working set', 'has another working set', settings({ workingTokens: 1000 })],
  [
    'a question',
    'was made for another question',
    settings({ policy: 'default', observedQuestion: 'Why?' }),
  ],
  [
    'other encodings',
    'was read in other encodings',
    settings({ encodings: [{ root: null, names: [], encoding: 'latin1' }] }),
  ],
])('is refused where it is of %s', async (_, finding, alter) => {
  const folder = await copyOf(original);
  const opened = await openAgain(folder, await alter(folder));
  const told = opened.notices.filter((notice) => notice.startsWith('The kept memory'));
  expect(told).toHaveLength(1);
  expect(told[0]).toBe(`The kept memory ${finding}; the repository is read again.`);
});

it('takes the generation before where the newest is damaged, and none of two that changed names', async () => {
  const folder = await copyOf(original);
  await engine.session.open({ ...wanted, keep: { folder, restore: false } }, never);
  await engine.session.keep(never);
  const swapped = await copyOf(folder);
  await flip(own.replace('-1.', '-2.'), headBytes, Infinity, 3)(folder);
  const opened = await openAgain(folder, {}, false);
  // The model is a copy of the bundled one, which has a notice of its own.
  expect(opened.notices).toEqual([expect.stringContaining('very small model')]);
  for (const [from, to] of [
    [1, 3],
    [2, 1],
    [3, 2],
  ] as const)
    await renumbered(swapped, from, to);
  expect((await openAgain(swapped, {})).notices).toContain(damaged);
});

/** Opens with what a folder keeps; reads again unless told otherwise, and keeps that. */
async function openAgain(
  folder: string,
  changes: Partial<OpenParameters>,
  reads = true,
): Promise<OpenResult> {
  engine.progress.length = 0;
  const parameters = { ...wanted, ...changes, keep: { folder, restore: true } };
  const opened = await engine.session.open(parameters, never);
  expect(engine.progress.some(({ phase }) => phase === 'reading')).toBe(reads);
  expect(opened.complete).toBe(true);
  expect(opened.repository.files).toBe(2);
  return opened;
}

async function copyOf(folder: string): Promise<string> {
  const copy = await temporaryFolder();
  await cp(folder, copy, { recursive: true });
  return copy;
}

async function renumbered(folder: string, from: number, to: number): Promise<void> {
  for (const name of [own, values]) {
    const of = (number: number): string => join(folder, name.replace('-1.', `-${String(number)}.`));
    await rename(of(from), of(to));
  }
}

function renamed([first, ...rest]: readonly StreamFile[], path: string): StreamFile[] {
  return first === undefined ? [] : [{ ...first, path }, ...rest];
}

function settings(changes: Partial<OpenParameters>) {
  return (): Promise<Partial<OpenParameters>> => Promise.resolve(changes);
}

function fingerprint(alter: (of: Record<string, unknown>) => Record<string, unknown>) {
  return async (folder: string): Promise<Partial<OpenParameters>> => {
    await doctoredManifest((manifest) => ({
      ...manifest,
      fingerprint: alter(manifest['fingerprint'] as Record<string, unknown>),
    }))(folder);
    return {};
  };
}
