/**
 * `resize-memory.ts ROOT FOLDER` takes what is kept of a root in a folder, or reads it, and gives it one
 * budget after the other, keeping each, until it is ended. It prints `resizing` before each time.
 */
import { loadAddon } from '../../../extension/engine/native/addon.ts';
import { cacheDirectory } from '../../../extension/engine/native/cache-directory.ts';
import { Session } from '../../../extension/engine/session.ts';
import type { OpenParameters } from '../../../extension/protocol/requests/open.ts';

const [root = '', folder = ''] = process.argv.slice(2);
const { signal } = new AbortController();
const session = new Session(await loadAddon(cacheDirectory()), cacheDirectory(), {
  onProgress: () => undefined,
  onState: () => undefined,
  onLog: () => undefined,
});

function parameters(tokens: number): OpenParameters {
  return {
    modelPath: null,
    gpu: 'cpu',
    roots: [root],
    budget: { unit: 'tokens', value: tokens },
    policy: 'default',
    policyParameters: {},
    kvType: 'f16',
    threads: 1,
    keep: { folder, restore: true },
  };
}

for (;;) {
  await session.open(parameters(512), signal);
  for (let tokens = 448; tokens >= 128; tokens -= 64) {
    process.stdout.write('resizing\n');
    await session.adopt(parameters(tokens), signal);
    await session.keep(signal);
  }
}
