/** Reads one folder with the engine and prints its own resident set after each chunk, as JSON. */
import type { z } from 'zod';
import { loadAddon } from '../../extension/engine/native/addon.ts';
import { cacheDirectory } from '../../extension/engine/native/cache-directory.ts';
import { Session } from '../../extension/engine/session.ts';
import type { samplesSchema } from './constant-memory.ts';

const folder = process.argv[2] ?? '.';
const samples: z.infer<typeof samplesSchema> = [];
const addon = await loadAddon(cacheDirectory());
const session = new Session(addon, cacheDirectory(), {
  onState: () => undefined,
  onLog: () => undefined,
  onProgress: ({ phase, tokens }) => {
    if (phase !== 'reading' || tokens === samples.at(-1)?.tokens) return;
    samples.push({ tokens, residentBytes: process.memoryUsage.rss() });
  },
});
await session.open(
  {
    modelPath: null,
    gpu: 'cpu',
    roots: [folder],
    budget: { unit: 'tokens', value: 2048 },
    policy: 'laprox',
    policyParameters: {},
    kvType: 'f16',
  },
  new AbortController().signal,
);
await session.close();
console.log(JSON.stringify(samples));
