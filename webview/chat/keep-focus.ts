/** Keeps the focus when the element that has it is redrawn. */

/** Returns the name of a button. */
function nameOf(element: Element): string {
  return element.textContent.trim();
}

function canFocus(element: Element | null): boolean {
  return (
    element instanceof HTMLElement && element.isConnected && !element.matches(':disabled, [hidden]')
  );
}

/**
 * Draws and restores the focus: to the same button, to the new button of the same name, or else to
 * a place that always exists.
 * @param parts the elements that are redrawn
 * @param otherwise focuses the place that always exists
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
