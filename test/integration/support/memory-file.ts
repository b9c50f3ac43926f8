/**
 * `memory-file.ts FILE save FOLDER` reads a folder with the bundled model and saves the memory;
 * `memory-file.ts FILE load` takes it up in a memory that has read nothing. Both print as JSON what
 * the memory then answers, as logits, and how long it took; or the sentence of a refusal.
 */
import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { loadAddon } from '../../../extension/engine/native/addon.ts';
import { cacheDirectory } from '../../../extension/engine/native/cache-directory.ts';
import { RuntimeHost } from '../../../extension/engine/native/runtime-host.ts';
import { ModelHost } from '../../../extension/engine/model/model-host.ts';
import { createMemory } from '../../../extension/engine/reading/create-memory.ts';
import { Reader } from '../../../extension/engine/reading/reader.ts';
import { chunkTokensFor } from '../../../extension/engine/memory/chunk-tokens.ts';
import { Repository } from '../../../extension/engine/memory/repository.ts';
import { workingSet } from '../../../extension/engine/memory/working-set.ts';
import { bundledModelPath } from '../../../extension/models/bundled.ts';
import { validateModel } from '../../../extension/models/validate.ts';
import { walkRepository } from '../../../extension/repository/files/walk.ts';

const [file = '', mode, folder] = process.argv.slice(2);
const { signal } = new AbortController();
const turn = { signal, yield: () => Promise.resolve() };

const validation = await validateModel(bundledModelPath());
if (!validation.ok) throw new Error(validation.message);
const addon = await loadAddon(cacheDirectory());
const runtime = await new RuntimeHost(addon, () => undefined).start('cpu');
const needs = { kvBytes: 0, computeBytes: 0 };
const host = new ModelHost(addon.addon);
const loaded = await host.load(validation.model, runtime, needs, signal, () => undefined);
const { trainedContext } = loaded.model.info;
addon.addon.setThreadLimit(Number(process.env['LOCI_THREADS'] ?? availableParallelism()));
const budgetTokens = 512;
const memory = await createMemory({
  addon: addon.addon,
  loaded,
  policy: { name: 'default', parameters: {} },
  kvType: 'f16',
  budgetTokens,
  chunkTokens: chunkTokensFor(trainedContext),
  working: workingSet(null, trainedContext),
  streamTokens: null,
  probe: new Int32Array(),
  directory: cacheDirectory(),
  signal,
});
const listing = await walkRepository(folder === undefined ? [] : [folder]);
const repository = new Repository({
  ...{ addon: addon.addon, model: loaded.model, memory, formats: loaded.formats },
  ...{ roots: [folder ?? ''], listing, budgetTokens, countedTokens: null },
});
const cancellation = addon.addon.createCancellation();

/** The logits behind some questions, to the bit. */
async function answers(): Promise<string> {
  const hash = createHash('sha256');
  for (const question of ['What is the value of retryLimit?', 'Where is it defined?', 'Why?']) {
    const { measuring } = repository.tails;
    const prompt = loaded.formats.chat.question(question);
    await measuring.hold(prompt, { attendMemory: true, cancellation });
    hash.update(new Uint8Array(measuring.logits().buffer));
    measuring.cut(0);
  }
  return hash.digest('hex');
}

const startedAt = performance.now();
try {
  if (mode === 'save') {
    await new Reader(repository).read(turn, () => undefined);
  } else {
    await memory.load({ path: file, cancellation });
  }
  const milliseconds = performance.now() - startedAt;
  if (mode === 'save') await memory.save({ path: file, cancellation });
  const { streamTokens } = memory.report();
  const told = { milliseconds, streamTokens, answers: await answers() };
  process.stdout.write(JSON.stringify(told));
} catch (error) {
  const unread = memory.report().streamTokens === 0;
  process.stdout.write(
    JSON.stringify({ refused: error instanceof Error ? error.message : '', unread }),
  );
}
