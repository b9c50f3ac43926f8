import type { StreamParser } from '@codemirror/streamparser';

/**
 * Copies the state of a parser, which changes its own in place.
 *
 * Without a copy function, the contract of these parsers is: the fields, and arrays in them.
 */
export function copyOf(language: StreamParser<unknown>, state: unknown): unknown {
  if (language.copyState !== undefined) return language.copyState(state);
  if (typeof state !== 'object' || state === null) return state;
  return Object.fromEntries(
    Object.entries(state).map(([key, value]: [string, unknown]) => [
      key,
      Array.isArray(value) ? [...(value as unknown[])] : value,
    ]),
  );
}
