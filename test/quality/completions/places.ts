/** Cursor places in ordinary code of six languages, each with the text removed there. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * `line`: the text of an indented line is missing. `rest`: its end, often from the middle of a
 * word. `argument`: the text between two of its brackets.
 */
type PlaceKind = 'line' | 'rest' | 'argument';

export interface Place {
  readonly kind: PlaceKind;
  readonly path: string;
  /** Counts from 1. */
  readonly line: number;
  readonly prefix: string;
  /** The removed text. */
  readonly missing: string;
  readonly suffix: string;
}

export const placeCount = 200;

const folder = fileURLToPath(new URL('code/', import.meta.url));
const kinds: readonly PlaceKind[] = ['line', 'argument', 'rest'];

/** The files by path; their names end with `.txt` so that no tool treats them as project code. */
function codeFiles(): ReadonlyMap<string, string> {
  const names = readdirSync(folder).sort();
  return new Map(
    names.map((name) => [
      `src/${name.replace(/\.txt$/u, '')}`,
      readFileSync(`${folder}${name}`, 'utf8'),
    ]),
  );
}

/** All places, the same number in each language if there are enough. */
export function places(): readonly Place[] {
  const files = [...codeFiles()].map(([path, code]) => placesOf(path, code));
  return files.flatMap((found, index) => {
    const share = Math.floor(placeCount / files.length);
    return spread(found, share + (index < placeCount % files.length ? 1 : 0));
  });
}

function spread(found: readonly Place[], count: number): readonly Place[] {
  if (found.length < count)
    throw new RangeError(`Only ${String(found.length)} places of ${String(count)}.`);
  return found.filter(
    (_, index) =>
      Math.floor((index * count) / found.length) !==
      Math.floor(((index - 1) * count) / found.length),
  );
}

function placesOf(path: string, code: string): Place[] {
  const found: Place[] = [];
  const lines = code.split('\n');
  let start = 0;
  for (const [index, line] of lines.entries()) {
    for (const kind of kinds) {
      const range = rangeOf(kind, line);
      if (range === null) continue;
      const [from, to] = [start + range[0], start + range[1]];
      found.push({
        kind,
        path,
        line: index + 1,
        prefix: code.slice(0, from),
        missing: code.slice(from, to),
        suffix: code.slice(to),
      });
    }
    start += line.length + 1;
  }
  return found;
}

/** The range of missing characters in a line; null if the line has no such part. */
function rangeOf(kind: PlaceKind, line: string): readonly [number, number] | null {
  const indentation = /^[ \t]*/u.exec(line)?.[0].length ?? 0;
  if (line.length - indentation < 9) return null;
  if (kind === 'line') return indentation === 0 ? null : [indentation, line.length];
  if (kind === 'rest')
    return [indentation + Math.ceil((line.length - indentation) / 3), line.length];
  const inner = /\(([^()]{3,})\)[^()]*$|\{([^{}]{3,})\}[^{}]*$/u.exec(line);
  const text = inner?.[1] ?? inner?.[2];
  if (inner === null || text === undefined) return null;
  return [inner.index + 1, inner.index + 1 + text.length];
}
