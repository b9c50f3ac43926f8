/** The key code of every key that an input method handles. */
const composingKey = 229;

/**
 * Whether a key belongs to an input method that composes a character: Enter then takes its
 * suggestion and Escape drops it. Browsers say so in one of two ways, and some send the key that
 * ends a composition after its end.
 */
export function isComposing(event: {
  readonly isComposing: boolean;
  readonly keyCode: number;
}): boolean {
  return event.isComposing || event.keyCode === composingKey;
}
