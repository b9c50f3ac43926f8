/**
 * What a memory that lives with its folder costs with a real model: a folder is read and kept; a new
 * process takes it from the disk and answers the same; one file, many files and a name change.
 *
 *     npx tsx test/performance/living.ts MODEL [FOLDER] [PERCENT]
 *
 * Without a folder, one of 500 small files is made. Figures are printed as JSON, a line a step.
 */
import { execFile } from 'node:child_process';
import { appendFile, cp, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findProbes } from '../../extension/engine/measuring/probes.ts';
import { loadAddon } from '../../extension/engine/native/addon.ts';
import { cacheDirectory } from '../../extension/engine/native/cache-directory.ts';
import { Session } from '../../extension/engine/session.ts';
import type { OpenParameters } from '../../extension/protocol/requests/open.ts';

const [modelPath, source = '', percent = '25', restoredFrom] = process.argv.slice(2);
if (modelPath === undefined) {
  process.stderr.write('Name a model.\n');
  process.exit(2);
}
const { signal } = new AbortController();
const startedAt = performance.now();
const folder = restoredFrom ?? (await mkdtemp(join(tmpdir(), 'loci-living-')));
const root = join(folder, 'root');
let session = await start();
const parameters: OpenParameters = {
  modelPath,
  gpu: 'cpu',
  roots: [root],
  budget: { unit: 'percent', value: Number(percent) },
  policy: 'default',
  policyParameters: {},
  kvType: 'f16',
  // Sums of attention are in the order of the threads: another number rounds otherwise.
  threads: availableParallelism(),
  keep: { folder: join(folder, 'kept'), restore: restoredFrom !== undefined },
};

async function start(): Promise<Session> {
  return new Session(await loadAddon(cacheDirectory()), cacheDirectory(), {
    onProgress: () => undefined,
    onState: () => undefined,
    onLog: () => undefined,
  });
}

const seconds = (since: number): number => Math.round(performance.now() - since) / 1000;

/** The answer, and the loss of known lines to the last bit. */
interface Seen {
  readonly answer: string;
  readonly answerSeconds: number;
  readonly losses: readonly number[];
}

async function ask(question: string): Promise<Pick<Seen, 'answer' | 'answerSeconds'>> {
  const since = performance.now();
  const given = await session.ask(
    { question, recall: 'both', maxTokens: 48, seed: 0, temperature: 0, mode: 'always' },
    () => undefined,
    signal,
  );
  return { answer: given.answer, answerSeconds: seconds(since) };
}

async function look(): Promise<Seen> {
  const first = await ask('What does this repository do?');
  const wanted = { questions: 8, seed: 1, form: 'line' } as const;
  const { probes } = await session.look(signal, (held) => findProbes(held, wanted, signal));
  const scores = await session.score({ probes, form: 'line', attendMemory: true }, signal);
  return { ...first, losses: scores.map((score) => score.negativeLogLikelihood) };
}

function tell(step: string, figures: object): void {
  process.stdout.write(`${JSON.stringify({ step, ...figures })}\n`);
}

/** Changes the files and says what following them took, and when a question knew of it. */
async function change(step: string, edit: () => Promise<unknown>, name?: string): Promise<void> {
  await edit();
  const since = performance.now();
  const { followed } = await session.follower.follow({ paths: null, always: true }, signal);
  const followedSeconds = seconds(since);
  const given = name === undefined ? {} : await ask(`What is the value of ${name}?`);
  tell(step, { followedSeconds, ...followed, ...given });
}

async function makeFolder(): Promise<void> {
  if (source !== '') return cp(source, root, { recursive: true });
  for (let index = 0; index < 500; index++) {
    const file = join(root, `src/part${String(index % 10)}/file${String(index)}.ts`);
    await mkdir(dirname(file), { recursive: true });
    const name = `RATE_${String(index)}`;
    await writeFile(
      file,
      `// Number ${String(index)}.\nexport const ${name} = ${String(1000 + index)};\n`,
    );
  }
}

async function measure(): Promise<void> {
  await makeFolder();
  const { repository, files } = await session.open(parameters, signal);
  const readSeconds = seconds(startedAt);
  tell('read', { readSeconds, files: repository.files, tokens: repository.tokens });
  const before = await look();
  const since = performance.now();
  await session.keep(signal);
  tell('kept', {
    keptSeconds: seconds(since),
    answer: before.answer,
    answerSeconds: before.answerSeconds,
  });
  // An engine that is idle still tries how the model completes.
  await session.close();
  const again = [...process.execArgv, fileURLToPath(import.meta.url), modelPath ?? '', source];
  const { stdout } = await promisify(execFile)(process.execPath, [...again, percent, folder]);
  const after = JSON.parse(stdout) as Seen & { readonly startSeconds: number };
  tell('restored', {
    startSeconds: after.startSeconds,
    shareOfReading: after.startSeconds / readSeconds,
    answerSeconds: after.answerSeconds,
    sameAnswer: after.answer === before.answer,
    sameLosses: JSON.stringify(after.losses) === JSON.stringify(before.losses),
  });
  session = await start();
  await session.open(
    { ...parameters, keep: { folder: join(folder, 'kept'), restore: true } },
    signal,
  );
  const code = files.filter(({ path }) => /\.(?:[cm]?[jt]s|py)$/u.test(path));
  const first = join(root, code[0]?.path ?? '');
  const line = first.endsWith('.py') ? 'ORBIT = 48151\n' : 'export const ORBIT = 48151;\n';
  await change('edit of one file', () => appendFile(first, line), 'ORBIT');
  await change('new name', () =>
    rename(first, join(dirname(first), `moved-${first.split('/').at(-1) ?? ''}`)),
  );
  const many = code.slice(1, 41).map(({ path }) => join(root, path));
  await change(`edit of ${String(many.length)} files`, () =>
    Promise.all(
      many.map((file) => appendFile(file, file.endsWith('.py') ? '# Edited.\n' : '// Edited.\n')),
    ),
  );
}

try {
  if (restoredFrom === undefined) await measure();
  else {
    await session.open(parameters, signal);
    const startSeconds = seconds(startedAt);
    process.stdout.write(JSON.stringify({ startSeconds, ...(await look()) }));
  }
} finally {
  await session.close();
  if (restoredFrom === undefined) await rm(folder, { recursive: true, force: true });
}
