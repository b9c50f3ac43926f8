import { spawn } from 'node:child_process';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundledModelPath } from '../../extension/models/bundled.ts';
import { validateModel } from '../../extension/models/validate.ts';
import { damage, headerOf, takeApart } from '../tools/damaged-gguf.ts';
import type { GgufParts } from '../tools/damaged-gguf.ts';

const rounds = Number(process.env['LOCI_DAMAGE_ROUNDS'] ?? 800);
/** Accepted files that the native parser is given; each takes its time. */
const loads = Number(process.env['LOCI_DAMAGE_LOADS'] ?? 24);
const perProcess = 10;

let folder: string;
let sound: GgufParts;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loci-model-damage-'));
  sound = takeApart(await readFile(bundledModelPath()));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** The file of damaged parts, its data left as a hole unless it is to be loaded. */
async function write(name: string, parts: GgufParts, whole: boolean): Promise<string> {
  const path = join(folder, name);
  const header = headerOf(parts);
  const handle = await open(path, 'w');
  try {
    await handle.write(header);
    if (whole) await handle.write(parts.data);
    else await handle.truncate(header.length + parts.data.length);
  } finally {
    await handle.close();
  }
  return path;
}

function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** What a process that loads these files prints, and how it ends. */
function load(paths: readonly string[]): Promise<{ lines: string[]; end: string }> {
  const script = fileURLToPath(new URL('support/load-models.ts', import.meta.url));
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', script, ...paths], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const lines = output.split('\n').slice(0, -1);
      resolve({ lines, end: signal ?? String(code) });
    });
  });
}

it('the parts put together again are the model', async () => {
  const path = await write('sound.gguf', sound, true);
  expect(Buffer.compare(await readFile(path), await readFile(bundledModelPath()))).toBe(0);
  expect(await load([path])).toEqual({ lines: ['loaded'], end: '0' });
});

it('a damaged model is refused in one sentence, or loads or fails without ending the process', async () => {
  const random = randomFrom(20_261_127);
  const accepted: GgufParts[] = [];
  let refused = 0;
  for (let round = 0; round < rounds; round++) {
    const parts = damage(sound, random);
    const found = await validateModel(await write('damaged.gguf', parts, false));
    if (found.ok) {
      accepted.push(parts);
    } else {
      refused += 1;
      expect(found.code).toMatch(/^model-(invalid|unsupported)$/);
      expect(found.message).toMatch(/^[^\p{Cc}\p{Bidi_C}]{1,400}\.$/u);
    }
  }
  expect(refused).toBeGreaterThan(rounds / 4);
  expect(accepted.length).toBeGreaterThan(loads);
  const step = accepted.length / loads;
  const paths: string[] = [];
  for (let index = 0; index < loads; index++) {
    const parts = accepted[Math.floor(index * step)];
    if (parts !== undefined) paths.push(await write(`${String(index)}.gguf`, parts, true));
  }
  for (let from = 0; from < paths.length; from += perProcess) {
    const group = paths.slice(from, from + perProcess);
    const { lines, end } = await load(group);
    expect({ end, at: group[lines.length] }).toEqual({ end: '0', at: undefined });
  }
});
