import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * Collects the output of commands that run concurrently; without a store it is shown live.
 * @type {AsyncLocalStorage<(text: string) => void>}
 */
const kept = new AsyncLocalStorage();

/**
 * Runs an action, collects its commands' output, and passes it on in one piece at the end, so that
 * concurrent outputs do not mix.
 * @template T
 * @param {() => Promise<T>} action
 * @param {(text: string) => void} pass
 * @returns {Promise<T>}
 */
export async function inOnePiece(action, pass) {
  let text = '';
  try {
    return await kept.run((more) => {
      text += more;
    }, action);
  } finally {
    pass(text);
  }
}

/**
 * Returns the function that collects the current action's output, if any.
 * @returns {((text: string) => void) | undefined}
 */
export function outputSink() {
  return kept.getStore();
}
