/** Where the focus goes when what had it is redrawn. */

/** What a button is called. */
function nameOf(element: Element): string {
  return element.textContent.trim();
}

function canFocus(element: Element | null): boolean {
  return (
    element instanceof HTMLElement && element.isConnected && !element.matches(':disabled, [hidden]')
  );
}

/**
 * Draws, and leaves the keyboard where it was: on the same button, on the one of the same name that
 * took its place, or else in the place that is always there.
 * @param parts what is redrawn
 * @param otherwise puts the focus where it may always be
 */
export function keepFocus(
  parts: readonly HTMLElement[],
  draw: () => void,
  otherwise: () => void,
): void {
  const focused = document.activeElement;
  const inside = focused !== null && parts.some((part) => part.contains(focused));
  draw();
  if (!inside || canFocus(focused)) return;
  const name = nameOf(focused);
  const same = parts
    .flatMap((part) => [...part.querySelectorAll<HTMLElement>('button, summary')])
    .find((other) => canFocus(other) && nameOf(other) === name);
  if (same === undefined) otherwise();
  else same.focus();
}
