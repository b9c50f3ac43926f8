/**
 * Records a real reading as numbers: what enters the stream, and when each chunk is done.
 * `LOCI_THREADS=1 npx tsx test/performance/record-reading.ts FOLDER 10% OUT.json [MODEL.gguf]`
 */

import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { loadAddon } from '../../extension/engine/native/addon.ts';
import { cacheDirectory } from '../../extension/engine/native/cache-directory.ts';
import { Session } from '../../extension/engine/session.ts';
import { ProgressMeter } from '../../extension/repository/stream/progress-meter.ts';
import { parseBudget } from '../../extension/protocol/budget.ts';
import type { ReadingEvent, ReadingTrace } from '../fixtures/reading-trace.ts';

const [folder, budgetText = '10%', output, model] = process.argv.slice(2);
if (folder === undefined || output === undefined) {
  throw new Error('Usage: record-reading.ts FOLDER BUDGET OUT.json [MODEL.gguf]');
}
const parsing = parseBudget(budgetText);
if (!parsing.ok) throw new Error(parsing.message);

const events: ReadingEvent[] = [];
let startedAt: number | null = null;
/** Makes a method of the meter record its arguments. */
function record(
  name: 'addOverhead' | 'addFile' | 'advance',
  write: (first: number, second: number) => ReadingEvent,
): void {
  const original: unknown = Reflect.get(ProgressMeter.prototype, name);
  Reflect.set(
    ProgressMeter.prototype,
    name,
    function (this: ProgressMeter, first: number, second: number) {
      startedAt ??= performance.now();
      events.push(write(first, second));
      if (typeof original === 'function') Reflect.apply(original, this, [first, second]);
    },
  );
}
record('addOverhead', (tokens) => ['overhead', tokens]);
record('addFile', (bytes, tokens) => ['file', bytes, tokens]);
record('advance', (tokens) => [
  'advance',
  tokens,
  Math.round(performance.now() - (startedAt ?? 0)),
]);

const session = new Session(await loadAddon(cacheDirectory()), cacheDirectory(), {
  onProgress: () => undefined,
  onState: () => undefined,
  onLog: () => undefined,
});
const opened = await session.open(
  {
    modelPath: model ?? null,
    gpu: 'cpu',
    roots: [path.resolve(folder)],
    budget: parsing.budget,
    policy: 'default',
    policyParameters: {},
    kvType: 'f16',
    threads: Number(process.env['LOCI_THREADS'] ?? '1'),
  },
  new AbortController().signal,
);
await session.close();
const expectedTokens = parsing.budget.unit === 'percent' ? opened.repository.tokens : null;
const trace: ReadingTrace = { expectedTokens, events };
await writeFile(output, JSON.stringify(trace));
process.stdout.write(
  `${String(opened.repository.tokens)} tokens, ${String(opened.timings.ingestMs)} ms\n`,
);
