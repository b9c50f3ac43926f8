/** Our engine: the addon's memory, driven like in the engine process. */
import { mkdtempSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAddon } from '../../extension/engine/native/addon.ts';
import { cacheDirectory } from '../../extension/engine/native/cache-directory.ts';
import { greedy } from '../../extension/engine/completing/complete.ts';
import type { NativeMemory } from '../../extension/engine/native/contract.ts';
import { repeatPrompt } from '../../extension/engine/prompt/observation-text.ts';
import { refinePolicy } from '../../extension/engine/reading/refine-policy.ts';
import type { ChosenPolicy } from '../../extension/protocol/policies.ts';
import { createFormats } from '../../extension/engine/prompt/formats.ts';
import { libraryCandidates } from '../../extension/models/libraries.ts';
import { governThreads } from '../../extension/engine/native/thread-governor.ts';
import type { AnswerWork, ContenderSettings, Eviction, OurContender } from './contender.ts';
import { benchmarkTokens, createClock, serveContender } from './contender.ts';

const warmUpTokens = 4;

const ourDefault: ChosenPolicy = { name: 'default', parameters: {} };
const policies: Readonly<Record<Eviction, ChosenPolicy>> = {
  default: ourDefault,
  streaming: { name: 'streaming', parameters: {} },
  refine: refinePolicy('default', ourDefault),
};

async function createOurs(settings: ContenderSettings): Promise<OurContender> {
  const { addon } = await loadAddon(cacheDirectory());
  const [candidate] = await libraryCandidates('cpu');
  if (candidate?.available !== true) throw new Error('There are no libraries for the CPU.');
  const now = createClock(settings.clock);
  const cancellation = addon.createCancellation();
  const model = await addon
    .loadRuntime({ libraryDirectory: candidate.directory, onLog: () => undefined })
    .loadModel({ path: settings.model, gpuLayers: 0, cancellation });
  const gramCache = mkdtempSync(join(tmpdir(), 'loci-bench-'));

  const governor = governThreads(addon);
  governor.choose(settings.threads);

  const prompt = repeatPrompt(createFormats(model).chat);

  const createMemory = (policy: ChosenPolicy, budgetTokens: number): Promise<NativeMemory> =>
    model.createMemory({
      budgetTokens,
      chunkTokens: settings.chunkTokens,
      policy: { ...policy, parameters: { ...policy.parameters, ...settings.policyParameters } },
      repeatPrompt: prompt,
      kvType: 'f16',
      threads: Math.max(settings.threads, availableParallelism()),
      cacheDirectory: gramCache,
      cancellation,
    });
  const read = async (memory: NativeMemory, count: number): Promise<void> => {
    const tokens = Int32Array.from(benchmarkTokens(count));
    const step = memory.report().appendCapacity;
    for (let start = 0; start < count; start += step) {
      const chunk = tokens.subarray(start, start + step);
      await memory.append(chunk, { cancellation });
    }
  };
  const answering = new Map<number, NativeMemory>();
  const memoryFor = async ({ context }: AnswerWork): Promise<NativeMemory> => {
    const known = answering.get(context);
    if (known !== undefined) return known;
    const memory = await createMemory({ name: 'full', parameters: {} }, context);
    answering.set(context, memory);
    await read(memory, context);
    return memory;
  };
  return {
    setThreads(threads) {
      governor.choose(threads);
      return Promise.resolve();
    },
    async answer(work) {
      const memory = await memoryFor(work);
      const sampler = model.createSampler(greedy);
      const options = { observe: false, attendMemory: true, cancellation };
      const startedAt = now();
      await memory.extend(Int32Array.from(benchmarkTokens(work.promptTokens)), options);
      const firstTokenSeconds = now() - startedAt;
      for (let index = 0; index < work.tokens; index++) {
        await memory.extend(Int32Array.of(memory.sample(sampler)), options);
      }
      const tokenSeconds = (now() - startedAt - firstTokenSeconds) / work.tokens;
      sampler.dispose();
      memory.cut(0);
      return { firstTokenSeconds, tokenSeconds };
    },
    async prefill({ tokens, heldTokens, eviction }) {
      const memory = await createMemory(policies[eviction], heldTokens);
      const before = memory.report().seconds;
      const startedAt = now();
      const wallStartedAt = performance.now();
      await read(memory, tokens);
      const seconds = now() - startedAt;
      const wallSeconds = (performance.now() - wallStartedAt) / 1000;
      const after = memory.report().seconds;
      memory.dispose();
      const evicting = after.score - before.score + (after.compact - before.compact);
      return { seconds, evictionShare: evicting / wallSeconds };
    },
    async decode({ context, tokens }) {
      const memory = await createMemory({ name: 'full', parameters: {} }, context);
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
