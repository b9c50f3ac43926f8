/**
 * Shows a real model's completions at 200 cursor places in code of six languages:
 *
 *     LOCI_REAL_MODEL=coder.gguf npx tsx test/quality/completions.ts [FILE.jsonl] [line|rest|argument]
 *
 * Appends results to the file as they come; a restart resumes after them. Exits with 1 if a
 * completion begins with more blanks than its line has, or repeats what follows.
 */
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { complete } from '../../extension/engine/completing/complete.ts';
import { walkRepository } from '../../extension/repository/files/walk.ts';
import { BenchModel } from './bench/model.ts';
import { faultsOf } from './completions/faults.ts';
import type { Fault } from './completions/faults.ts';
import { places } from './completions/places.ts';
import type { Place } from './completions/places.ts';

const recordSchema = z.object({ place: z.string(), text: z.string(), ms: z.number() });
type Shown = z.infer<typeof recordSchema>;

const never = new AbortController().signal;
const maxTokens = 32;
/** A short prompt: only the way that the text continues matters here. */
const prefixCharacters = 400;
const suffixCharacters = 160;

function nameOf({ path, line, kind }: Place): string {
  return `${path}:${String(line)} ${kind}`;
}

async function earlier(file: string): Promise<Map<string, Shown>> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const records = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => recordSchema.parse(JSON.parse(line)));
  return new Map(records.map((record) => [record.place, record]));
}

async function measure(model: string, file: string, wanted: readonly Place[]): Promise<void> {
  const records = await earlier(file);
  const root = await mkdtemp(join(tmpdir(), 'loci-completions-'));
  await writeFile(join(root, 'notes.md'), '# Notes\n\nOrders, weather, words and samples.\n');
  const bench = await BenchModel.load(model, 'cpu', never);
  try {
    const holding = {
      budget: { unit: 'tokens', value: 256 },
      policy: { name: 'streaming', parameters: {} },
      kvType: 'f16',
      bytesOf: 'f16',
      mode: 'streaming',
    } as const;
    const source = { roots: [root], listing: await walkRepository([root], {}) };
    const { repository } = await bench.hold(source, holding, never, () => undefined);
    for (const place of wanted.filter((each) => !records.has(nameOf(each)))) {
      const { text, totalMs } = await complete(
        repository,
        {
          path: place.path,
          prefix: place.prefix.slice(-prefixCharacters),
          suffix: place.suffix.slice(0, suffixCharacters),
          maxTokens,
        },
        { signal: never, askedAt: performance.now() },
      );
      const record = { place: nameOf(place), text, ms: Math.round(totalMs) };
      records.set(record.place, record);
      await appendFile(file, `${JSON.stringify(record)}\n`);
    }
  } finally {
    bench.dispose();
    await rm(root, { recursive: true, force: true });
  }
  report(wanted, records);
}

function report(wanted: readonly Place[], records: ReadonlyMap<string, Shown>): void {
  const counts: Record<Fault, number> = {
    'over-indented': 0,
    'closes what it did not open': 0,
    'repeats what follows': 0,
  };
  let exact = 0;
  let empty = 0;
  for (const place of wanted) {
    const text = records.get(nameOf(place))?.text ?? '';
    if (text === '') empty += 1;
    if (text.trim() === place.missing.trim()) exact += 1;
    for (const fault of faultsOf(place, text)) {
      counts[fault] += 1;
      process.stdout.write(`${nameOf(place)}: ${fault}: ${JSON.stringify(text)}\n`);
    }
  }
  const lines = wanted.filter(({ kind }) => kind === 'line').length;
  process.stdout.write(
    [
      `places: ${String(wanted.length)}, of which on an indented empty line: ${String(lines)}`,
      `nothing offered: ${String(empty)}, exactly what was missing: ${String(exact)}`,
      ...Object.entries(counts).map(([fault, count]) => `${fault}: ${String(count)}`),
      '',
    ].join('\n'),
  );
  if (counts['over-indented'] + counts['repeats what follows'] > 0) process.exitCode = 1;
}

const model = process.env['LOCI_REAL_MODEL'];
if (model === undefined || model === '') {
  process.stdout.write('Skipped: set LOCI_REAL_MODEL to the GGUF file of a code model.\n');
} else {
  const [file = 'completions.jsonl', kind] = process.argv.slice(2);
  await measure(
    model,
    file,
    places().filter((place) => kind === undefined || place.kind === kind),
  );
}
