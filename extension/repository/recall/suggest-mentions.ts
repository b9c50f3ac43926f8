import { mentionText } from '../../protocol/mention-text.ts';
import type { MentionSuggestion } from '../../protocol/requests/suggest-mentions.ts';
import { foldName } from './folded-text.ts';
import type { SearchIndex } from './search-index.ts';

export interface MentionSource {
  /** The files that were read. */
  readonly files: Iterable<string>;
  readonly folders: readonly string[];
  readonly search: SearchIndex;
}

/** The most of each kind: a list is glanced at. */
const most = { file: 8, folder: 4, symbol: 8 } as const;
/** Names with many definitions are looked up one by one. */
const mostDefinitions = 200;

interface Ranked {
  readonly suggestion: MentionSuggestion;
  /** Lower is better. */
  readonly rank: number;
}

/**
 * What an `@` may mean while it is typed: files, folders and definitions that contain the letters,
 * those whose own name begins with them first.
 * @param query what is typed behind the `@`, without a quote
 */
export function suggestMentions(source: MentionSource, query: string): MentionSuggestion[] {
  const wanted = foldName(query).replace(/^\.\//u, '');
  const found = [
    ...best(pathsOf('file', source.files, wanted), most.file),
    ...best(pathsOf('folder', source.folders, wanted.replace(/\/+$/u, '')), most.folder),
    ...best(symbolsOf(source.search, query, wanted), most.symbol),
  ];
  return found.sort(byRank).map(({ suggestion }) => suggestion);
}

function best(ranked: readonly Ranked[], count: number): Ranked[] {
  return [...ranked].sort(byRank).slice(0, count);
}

function byRank(one: Ranked, other: Ranked): number {
  const [a, b] = [one.suggestion.name, other.suggestion.name];
  return one.rank - other.rank || a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

function pathsOf(kind: 'file' | 'folder', paths: Iterable<string>, wanted: string): Ranked[] {
  const ranked: Ranked[] = [];
  for (const path of paths) {
    const folded = foldName(path);
    const at = folded.indexOf(wanted);
    if (at === -1) continue;
    const text = mentionText(kind === 'file' ? path : `${path}/`);
    if (text === null) continue;
    const slash = path.lastIndexOf('/');
    const name = path.slice(slash + 1);
    const rank = rankOf(folded.slice(slash + 1), wanted, at === 0);
    ranked.push({
      suggestion: {
        kind,
        text,
        name: kind === 'file' ? name : `${name}/`,
        detail: path.slice(0, Math.max(0, slash)),
      },
      rank,
    });
  }
  return ranked;
}

function symbolsOf(search: SearchIndex, query: string, wanted: string): Ranked[] {
  if (query === '' || /[\s/.]/u.test(query)) return [];
  const ranked: Ranked[] = [];
  for (const name of search.definedNames((each) => foldName(each).includes(wanted))) {
    const { occurrences } = search.find(name, mostDefinitions);
    const places = occurrences.filter(({ kind }) => kind === 'definition');
    const [first] = places;
    if (first === undefined) continue;
    const more = places.length === 1 ? '' : ` and ${String(places.length - 1)} more`;
    ranked.push({
      suggestion: {
        kind: 'symbol',
        text: name,
        name,
        detail: `${first.path}:${String(first.line)}${more}`,
      },
      rank: rankOf(foldName(name), wanted, false),
    });
    if (ranked.length >= mostRanked) break;
  }
  return ranked;
}

/** Names that one letter may match: enough to choose from. */
const mostRanked = 2_000;

function rankOf(name: string, wanted: string, beginsPath: boolean): number {
  if (name === wanted) return 0;
  if (name.startsWith(wanted)) return 1;
  if (beginsPath) return 2;
  return name.includes(wanted) ? 3 : 4;
}
