import { linesBeside, type MentionedLines } from './mention-lines.ts';
import { extendsName, needsNoSpace } from './name-characters.ts';
import type { PathResolver } from './path-resolver.ts';
import type { NameOccurrence, SearchIndex } from './search-index.ts';

/** Something that a question names with `@`, to be read again for it. */
export type Mentioned =
  | { readonly kind: 'file'; readonly path: string; readonly lines: MentionedLines | null }
  /** `path` ends with `/`; the files in the order of the listing. */
  | { readonly kind: 'folder'; readonly path: string; readonly files: readonly string[] }
  | { readonly kind: 'symbol'; readonly name: string; readonly places: readonly NameOccurrence[] };

export interface MarkedQuestion {
  /** Without the `@` of each mention: names as any question has them. */
  readonly question: string;
  /** In the order of the question, each once. */
  readonly mentioned: readonly Mentioned[];
}

/** A question names few things; a pasted log may have a thousand `@`. */
const mostMentions = 32;
/** Longer names are not looked for. */
const longestMention = 300;
/** Shorter readings of one run of characters that are tried. */
const mostReadings = 32;
/** Definitions of one name that are looked at. */
const mostPlaces = 50;

const closers = new Map([
  ['"', '"'],
  ['`', '`'],
  ["'", "'"],
]);

/** What is written behind an `@`, without its quotes. */
interface Written {
  readonly text: string;
  /** Where the mention ends, its quotes included. */
  readonly end: number;
  /** Those that stand behind its quotes. */
  readonly lines: MentionedLines | null;
}

/** The readings of what stands behind an `@`: in quotes just that, else the longest first. */
function readingsAt(question: string, from: number): Written[] {
  const closer = closers.get(question.charAt(from));
  if (closer !== undefined) {
    const end = question.indexOf(closer, from + 1);
    const text = end === -1 ? '' : question.slice(from + 1, end);
    if (text === '' || text.length > longestMention || /[\r\n]/u.test(text)) return [];
    const beside = linesBeside(question, from + 1, end + 1);
    return [{ text, end: beside?.end ?? end + 1, lines: beside?.lines ?? null }];
  }
  const run = /^[^\s"`]+/u.exec(question.slice(from, from + longestMention))?.[0] ?? '';
  const ends = [run.length];
  for (let end = run.length - 1; end > 0; end--) {
    const after = run.charAt(end);
    // Punctuation and scripts without spaces may stand right behind a name.
    if (!extendsName(after) || needsNoSpace(after) || after === '.') ends.push(end);
  }
  return ends
    .slice(0, mostReadings)
    .map((end) => ({ text: run.slice(0, end), end: from + end, lines: null }));
}

/** Whether an `@` begins a mention: in `a@b.c` and `npm@10` it stands within a word. */
function mayBegin(question: string, at: number): boolean {
  const before = question.charAt(at - 1);
  return before === '' || !extendsName(before) || needsNoSpace(before);
}

function resolve(written: Written, search: SearchIndex, resolver: PathResolver): Mentioned | null {
  const { text, lines } = written;
  // In quotes any listed name is one, whatever it looks like.
  const [file] = resolver.mentions(`"${text}"`);
  const [path, other] = file?.start === 1 ? file.paths : [];
  if (path !== undefined && other === undefined && file?.endWithLines === text.length + 1) {
    return { kind: 'file', path, lines: lines ?? file.lines };
  }
  const files = resolver.folders.filesIn(text);
  if (files.length > 0) return { kind: 'folder', path: `${text.replace(/\/+$/u, '')}/`, files };
  const name = text.normalize('NFC').replace(/\(\)$/u, '');
  const { occurrences } = search.find(name, mostPlaces);
  const places = occurrences.filter(({ kind }) => kind === 'definition');
  return places.length > 0 ? { kind: 'symbol', name, places } : null;
}

/**
 * Finds what a question names with `@`: a file (`@src/a.ts`, `@src/a.ts:3-8`), a folder (`@src/`) or a
 * definition (`@retry`), in quotes where its name has blanks (`@"my file.ts"`). What names nothing
 * that was read is text like any other. Time: linear in the question.
 */
export function readMentions(
  question: string,
  search: SearchIndex,
  resolver: PathResolver,
): MarkedQuestion {
  const parts: string[] = [];
  const mentioned = new Map<string, Mentioned>();
  let copied = 0;
  let tried = 0;
  for (let at = question.indexOf('@'); at !== -1; at = question.indexOf('@', at + 1)) {
    if (at < copied || !mayBegin(question, at)) continue;
    if (tried++ >= mostMentions) break;
    for (const written of readingsAt(question, at + 1)) {
      const found = resolve(written, search, resolver);
      if (found === null) continue;
      mentioned.set(keyOf(found), found);
      parts.push(question.slice(copied, at), question.slice(at + 1, written.end));
      copied = written.end;
      break;
    }
  }
  parts.push(question.slice(copied));
  return { question: parts.join(''), mentioned: [...mentioned.values()] };
}

function keyOf(mention: Mentioned): string {
  if (mention.kind === 'symbol') return `symbol ${mention.name}`;
  const lines = mention.kind === 'file' ? mention.lines : null;
  return lines === null
    ? `path ${mention.path}`
    : `path ${mention.path}:${String(lines.from)}-${String(lines.to)}`;
}
