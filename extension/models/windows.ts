/** Models of which some layers attend through a window, by what their headers say. */

import { InvalidGguf } from './gguf-reader.ts';
import type { MetadataNumbers } from './recurrent.ts';
import type { WindowPattern } from './architectures.ts';

/** A limit that no sound window reaches. */
const longestWindow = 1 << 24;

/**
 * The window of each layer, null where it attends to all tokens. The rule is that of
 * native-kernels/model/layer_table.cpp; loading the model says whether its graph agrees.
 * @param pattern which layers attend to all tokens, where the header does not say which
 * @throws InvalidGguf where it names too few layers, or windows that none can have; llama.cpp aborts
 *   the process where no layer has the window
 */
export function layerWindows(
  keys: MetadataNumbers,
  layers: number,
  pattern: WindowPattern,
): readonly (number | null)[] {
  const window = keys.largest('attention.sliding_window');
  if (window === 0 && pattern !== 'listed') return Array.from({ length: layers }, () => null);
  if (!Number.isInteger(window) || window < 2 || window > longestWindow) {
    throw new InvalidGguf(`attention.sliding_window is ${String(window)}, which no layer can have`);
  }
  const key = 'attention.sliding_window_pattern';
  const stated = keys.list(key);
  if (stated !== null) {
    if (stated.length < layers) {
      throw new InvalidGguf(`${key} names ${String(stated.length)} of ${String(layers)} layers`);
    }
    const flags = stated.slice(0, layers);
    if (!flags.includes(1)) throw new InvalidGguf(`${key} names no layer`);
    return flags.map((flag) => (flag === 0 ? null : window));
  }
  if (pattern === 'listed') throw new InvalidGguf(`${key} is missing`);
  const every = keys.largest(key) || ('firstOf' in pattern ? pattern.firstOf : pattern.lastOf);
  const full = 'firstOf' in pattern ? 0 : every - 1;
  const windows = Array.from({ length: layers }, (_, at) => (at % every === full ? null : window));
  if (windows.every((each) => each === null)) {
    throw new InvalidGguf(`${key} is ${String(every)}, which leaves no layer a window`);
  }
  return windows;
}
