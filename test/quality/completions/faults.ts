/** Detects faults that no completion may have, whatever the model wrote. */
import type { Place } from './places.ts';

export type Fault = 'over-indented' | 'closes what it did not open' | 'repeats what follows';

const openers = '([{';
const closers = ')]}';

/** Counts closing brackets without an opening one before them; does not parse strings. */
function unopened(text: string): number {
  const open: string[] = [];
  let count = 0;
  for (const character of text) {
    if (openers.includes(character)) open.push(character);
    const kind = closers.indexOf(character);
    if (kind < 0) continue;
    if (open.at(-1) === openers[kind]) open.pop();
    else count += 1;
  }
  return count;
}

/** The faults of a text shown at a place. */
export function faultsOf({ kind, prefix, suffix }: Place, text: string): readonly Fault[] {
  const faults: Fault[] = [];
  const before = prefix.slice(prefix.lastIndexOf('\n') + 1);
  const rest = suffix.split('\n', 1)[0] ?? '';
  if (/^[ \t]+$/u.test(before) && /^[ \t]/u.test(text)) faults.push('over-indented');
  if (kind === 'line' && /^\s*\n/u.test(text)) faults.push('over-indented');
  if (rest.trim() !== '' && unopened(before + text + rest) > unopened(before + rest)) {
    faults.push('closes what it did not open');
  }
  const below = suffix.split('\n').find((line, index) => index > 0 && line.trim() !== '');
  const lines = (before + text).split('\n').filter((line) => line.trim() !== '');
  const isRepeat = (line: string): boolean =>
    /[\p{L}\p{N}]/u.test(line) && line.trim() === below?.trim();
  if (text !== '' && lines.some(isRepeat)) faults.push('repeats what follows');
  return faults;
}
