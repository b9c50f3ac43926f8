/**
 * What following costs in quality: rows of later files were computed when the old version of an edited
 * file stood before them, and stay. An early file of a package is edited and followed; lines of the
 * code are then scored by that memory, and by one that was read from scratch.
 *
 *     npx tsx test/performance/follow.ts MODEL FOLDER [PERCENT] [QUESTIONS]
 */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAddon } from '../../extension/engine/native/addon.ts';
import { cacheDirectory } from '../../extension/engine/native/cache-directory.ts';
import { findProbes } from '../../extension/engine/measuring/probes.ts';
import { Session } from '../../extension/engine/session.ts';
import type { OpenParameters } from '../../extension/protocol/requests/open.ts';
import type { Probe } from '../../extension/protocol/requests/probes.ts';
import { mostProbesPerRequest } from '../../extension/protocol/requests/score.ts';

const [modelPath, source, percent = '100', questions = '40'] = process.argv.slice(2);
if (modelPath === undefined || source === undefined) {
  process.stderr.write('Name a model and a folder.\n');
  process.exit(2);
}
const signal = new AbortController().signal;
const folder = await mkdtemp(join(tmpdir(), 'loci-follow-'));
const session = new Session(await loadAddon(cacheDirectory()), cacheDirectory(), {
  onProgress: () => undefined,
  onState: () => undefined,
  onLog: () => undefined,
});

/** Nats per expected token, of probes in other files and of those in the edited one. */
async function scored(
  probes: readonly Probe[],
  edited: string,
): Promise<{ readonly elsewhere: number; readonly edited: number }> {
  const sums = { elsewhere: [0, 0], edited: [0, 0] };
  for (let from = 0; from < probes.length; from += mostProbesPerRequest) {
    const some = probes.slice(from, from + mostProbesPerRequest);
    const scores = await session.score({ probes: some, form: 'line', attendMemory: true }, signal);
    for (const [index, { negativeLogLikelihood, tokens }] of scores.entries()) {
      const [loss = 0, count = 0] = sums[some[index]?.path === edited ? 'edited' : 'elsewhere'];
      sums[some[index]?.path === edited ? 'edited' : 'elsewhere'] = [
        loss + negativeLogLikelihood,
        count + tokens,
      ];
    }
  }
  const mean = ([loss = 0, count = 0]: readonly number[]): number => loss / count;
  return { elsewhere: mean(sums.elsewhere), edited: mean(sums.edited) };
}

/** The name that a text writes most often gets another ending. */
function edit(text: string): string {
  const counts = new Map<string, number>();
  for (const [name] of text.matchAll(/\b[A-Za-z_]{5,}\b/gu)) {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const [most = ''] = [...counts].sort(([, one], [, other]) => other - one)[0] ?? [];
  return text.replaceAll(new RegExp(`\\b${most}\\b`, 'gu'), `${most}Next`);
}

try {
  await cp(source, folder, { recursive: true });
  const parameters: OpenParameters = {
    modelPath,
    gpu: 'cpu',
    roots: [folder],
    budget: { unit: 'percent', value: Number(percent) },
    policy: 'default',
    policyParameters: {},
    kvType: 'f16',
  };
  const opened = await session.open(parameters, signal);
  const early = opened.files.find(({ path }) => /\.(?:[cm]?[jt]s|py)$/u.test(path))?.path ?? '';
  const text = await readFile(join(folder, early), 'utf8');
  await writeFile(join(folder, early), edit(text));
  const { followed } = await session.follower.follow({ paths: null, always: true }, signal);
  const wanted = { questions: Number(questions), seed: 1, form: 'line' } as const;
  const { probes } = await session.look(signal, (held) => findProbes(held, wanted, signal));
  const after = await scored(probes, early);
  await session.open(parameters, signal);
  const scratch = await scored(probes, early);
  process.stdout.write(
    `${JSON.stringify({ source, percent, early, tokens: opened.repository.tokens, followed, probes: probes.length, after, scratch })}\n`,
  );
} finally {
  await session.close();
  await rm(folder, { recursive: true, force: true });
}
