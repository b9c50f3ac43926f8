import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * Where what commands print goes while several run at once; without one it is shown at once.
 * @type {AsyncLocalStorage<(text: string) => void>}
 */
const kept = new AsyncLocalStorage();

/**
 * Runs an action whose commands' output is kept, and passes it on in one piece at the end, so that
 * those of several do not mix.
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
 * What takes the output of the action that is under way, if it is kept.
 * @returns {((text: string) => void) | undefined}
 */
export function outputSink() {
  return kept.getStore();
}
