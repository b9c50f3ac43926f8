/** T1 of the suite: places where code is continued. */
import { definitionsOf, usesIn } from '../../bench/hold-out.ts';
import { Random } from '../../generator/random.ts';
import type { Prepared } from '../repositories/prepared.ts';

/** A shorter line gives too little to continue. */
const leastCharacters = 12;

/**
 * `held-out`: the rest of a line, in a file that was not read, that imports or calls a definition
 * in a file that was. `read`: a line of a file that was read. `fact`: a value that a file that was
 * read states (`facts.ts`).
 */
export type Origin = 'held-out' | 'read' | 'fact';

export interface Place {
  readonly origin: Origin;
  readonly kind:
    | 'import'
    | 'call'
    | 'line'
    | 'constant'
    | 'member'
    | 'default'
    | 'source'
    | 'parameters'
    | 'base';
  /** The file that contains the text. */
  readonly heldOutPath: string;
  readonly prefix: string;
  readonly expected: string;
}

export interface PlaceOptions {
  readonly seed: number;
  readonly count: number;
  /** Characters before the scored text: 200 reveal the language, not the repository. */
  readonly prefix: number;
  readonly origins: readonly Origin[];
}

/**
 * Selects at most `count` places of each origin by seed.
 * @throws Error if no held-out file uses a definition of a read one
 */
export function placesIn({ files, division }: Prepared, options: PlaceOptions): Place[] {
  const random = new Random(options.seed);
  const textOf = (path: string): string => files.get(path) ?? '';
  const read = [...division.read, ...division.entries].sort();
  const defined = definitionsOf(read.map((path) => ({ path, text: textOf(path) })));
  const uses = division.heldOut.flatMap((path) =>
    usesIn(path, textOf(path), defined, options.prefix),
  );
  if (uses.length === 0) throw new Error('No held-out file uses what another one defines.');
  const heldOut = uses.map(({ kind, heldOutPath, prefix, expected }): Place => ({
    ...{ origin: 'held-out', kind: kind === 'import' ? 'import' : 'call' },
    ...{ heldOutPath, prefix, expected },
  }));
  const lines = read.flatMap((path) => linesIn(path, textOf(path), options.prefix));
  const taken = [heldOut, lines].flatMap((places) =>
    random.shuffle(places).slice(0, options.count),
  );
  return taken.filter(({ origin }) => options.origins.includes(origin));
}

function linesIn(path: string, text: string, characters: number): Place[] {
  const places: Place[] = [];
  let at = 0;
  for (const line of text.split('\n')) {
    const prefix = text.slice(Math.max(0, at - characters), at);
    at += line.length + 1;
    if (line.trim().length < leastCharacters || prefix.trim() === '') continue;
    places.push({
      ...{ origin: 'read', kind: 'line', heldOutPath: path },
      ...{ prefix, expected: `${line}\n` },
    });
  }
  return places;
}
