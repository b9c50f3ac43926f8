/** Files by words of their paths. */

/**
 * Whether a path holds every word of a filter; with none of them every path does.
 * @param filter words, upper and lower case alike
 */
export function pathFilter(filter: string): (path: string) => boolean {
  const words = filter.toLowerCase().split(/\s+/u).filter(Boolean);
  return (path) => {
    const lower = path.toLowerCase();
    return words.every((word) => lower.includes(word));
  };
}

const collator = new Intl.Collator('en', { numeric: true });

/** The order of paths: numbers in them count as numbers. */
export function comparePaths(a: string, b: string): number {
  return collator.compare(a, b);
}
