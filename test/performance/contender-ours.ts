/** Our engine: the addon's memory, driven as the engine process drives it. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAddon } from '../../extension/engine/addon.ts';
import { cacheDirectory } from '../../extension/engine/cache-directory.ts';
import { greedy } from '../../extension/engine/complete.ts';
import type { NativeMemory } from '../../extension/engine/native.ts';
import { libraryCandidates } from '../../extension/models/libraries.ts';
import type { Contender, ContenderSettings } from './contender.ts';
import { benchmarkTokens, createClock, serveContender } from './contender.ts';

const warmUpTokens = 4;

async function createOurs(settings: ContenderSettings): Promise<Contender> {
  const { addon } = await loadAddon(cacheDirectory());
  const [candidate] = await libraryCandidates('cpu');
  if (candidate?.available !== true) throw new Error('There are no libraries for the CPU.');
  const now = createClock(settings.clock);
  const cancellation = addon.createCancellation();
  const model = await addon
    .loadRuntime({ libraryDirectory: candidate.directory, onLog: () => undefined })
    .loadModel({ path: settings.model, gpuLayers: 0, cancellation });
  const gramCache = mkdtempSync(join(tmpdir(), 'loci-bench-'));

  const createMemory = (policy: string, budgetTokens: number): Promise<NativeMemory> =>
    model.createMemory({
      budgetTokens,
      chunkTokens: settings.chunkTokens,
      policy: { name: policy, parameters: settings.policyParameters ?? {} },
      kvType: 'f16',
      threads: settings.threads,
      cacheDirectory: gramCache,
      cancellation,
    });
  const read = async (memory: NativeMemory, count: number): Promise<void> => {
    const tokens = Int32Array.from(benchmarkTokens(count));
    for (let start = 0; start < count; start += settings.chunkTokens) {
      const chunk = tokens.subarray(start, start + settings.chunkTokens);
      await memory.append(chunk, { cancellation });
    }
  };
  return {
    async prefill({ tokens, heldTokens }) {
      const memory = await createMemory('default', heldTokens);
      const before = memory.report().seconds;
      const startedAt = now();
      const wallStartedAt = performance.now();
      await read(memory, tokens);
      const seconds = now() - startedAt;
      const wallSeconds = (performance.now() - wallStartedAt) / 1000;
      const after = memory.report().seconds;
      memory.dispose();
      const eviction = after.score - before.score + (after.compact - before.compact);
      return { seconds, evictionShare: eviction / wallSeconds };
    },
    async decode({ context, tokens }) {
      const memory = await createMemory('full', context);
      const sampler = model.createSampler(greedy);
      await read(memory, context);
      const options = { observe: false, attendMemory: true, cancellation };
      await memory.extend(Int32Array.from(benchmarkTokens(1)), options);
      const seconds: number[] = [];
      for (let index = 0; index < tokens + warmUpTokens; index++) {
        const startedAt = now();
        await memory.extend(Int32Array.of(memory.sample(sampler)), options);
        seconds.push(now() - startedAt);
      }
      sampler.dispose();
      memory.dispose();
      return { seconds: seconds.slice(warmUpTokens) };
    },
  };
}

await serveContender(createOurs);
