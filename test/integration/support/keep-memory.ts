/**
 * `keep-memory.ts ROOT FOLDER` reads a root and keeps it in a folder, again and again until it is ended.
 * It prints `saving` before each time.
 */
import { loadAddon } from '../../../extension/engine/native/addon.ts';
import { cacheDirectory } from '../../../extension/engine/native/cache-directory.ts';
import { Session } from '../../../extension/engine/session.ts';

const [root = '', folder = ''] = process.argv.slice(2);
const { signal } = new AbortController();
const session = new Session(await loadAddon(cacheDirectory()), cacheDirectory(), {
  onProgress: () => undefined,
  onState: () => undefined,
  onLog: () => undefined,
});
for (;;) {
  await session.open(
    {
      modelPath: null,
      gpu: 'cpu',
      roots: [root],
      budget: { unit: 'tokens', value: 512 },
      policy: 'default',
      policyParameters: {},
      kvType: 'f16',
      threads: 1,
      keep: { folder, restore: false },
    },
    signal,
  );
  process.stdout.write('saving\n');
  await session.keep(signal);
}
