/** What is said of a failure that left the memory as it was. */

/** The sentence of a failure. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The same beside the memory that stays. */
export function inUse(error: unknown): string {
  return `${messageOf(error)} The earlier memory is in use.`;
}
