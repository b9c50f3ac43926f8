/** The key code of all keys that an input method handles. */
const composingKey = 229;

/**
 * Returns whether a key belongs to an input method that composes a character: Enter then accepts
 * its suggestion, and Escape rejects it. Browsers report this in two ways, and some send the key
 * that ends a composition after its end.
 */
export function isComposing(event: {
  readonly isComposing: boolean;
  readonly keyCode: number;
}): boolean {
  return event.isComposing || event.keyCode === composingKey;
}
