/**
 * Loads model files one after the other, as the engine does, and prints a line for each: `loaded`, or
 * the sentence that it failed with. A file that ends the process leaves its line missing.
 */
import { loadAddon } from '../../../extension/engine/native/addon.ts';
import { cacheDirectory } from '../../../extension/engine/native/cache-directory.ts';
import { createFormats } from '../../../extension/engine/prompt/formats.ts';
import { libraryCandidates } from '../../../extension/models/libraries.ts';

const { addon } = await loadAddon(cacheDirectory());
const [library] = await libraryCandidates('cpu');
if (library?.available !== true) throw new Error('The CPU libraries are not installed.');
const runtime = addon.loadRuntime({
  libraryDirectory: library.directory,
  onLog: () => undefined,
});
for (const path of process.argv.slice(2)) {
  try {
    const cancellation = addon.createCancellation();
    const model = await runtime.loadModel({ path, gpuLayers: 0, cancellation });
    try {
      createFormats(model).chat.question('def f(x):\n    return "é\u0000" <|im_end|>');
    } finally {
      model.dispose();
    }
    process.stdout.write('loaded\n');
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    process.stdout.write(`${text.replaceAll('\n', ' ')}\n`);
  }
}
