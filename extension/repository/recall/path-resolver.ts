import { posix } from 'node:path';
import type { NamedRoot } from '../files/named-root.ts';
import { Folders } from './folders.ts';
import { foldName, foldText, type FoldedText } from './folded-text.ts';
import { linesBeside, type MentionedLines } from './mention-lines.ts';
import { extendsName, needsNoSpace, quotes } from './name-characters.ts';
import { type Tail, TailTrie } from './tail-trie.ts';

/** A place of a text that names a file. */
export interface PathMention {
  /** Of the path alone, in the text. */
  readonly start: number;
  readonly end: number;
  /** Of the path with the lines that are attached to it. */
  readonly endWithLines: number;
  /** The files that it may mean: one where it is clear. */
  readonly paths: readonly string[];
  readonly lines: MentionedLines | null;
}

/** Longer runs of dots and folders are not resolved. */
const longestDetour = 1024;

function overlaps(mention: PathMention, others: readonly PathMention[]): boolean {
  return others.some(({ start, end }) => start < mention.end && mention.start < end);
}

/** Of mentions that overlap the longest, in the order of the text. */
function longest(found: readonly PathMention[]): PathMention[] {
  const kept: PathMention[] = [];
  // They come by where they end: the newest gives way or takes the place of those that it covers.
  for (const mention of found) {
    let last = kept.at(-1);
    let stays = true;
    while (stays && last !== undefined && last.end > mention.start) {
      stays = mention.end - mention.start > last.end - last.start;
      if (stays) kept.pop();
      last = kept.at(-1);
    }
    if (stays) kept.push(mention);
  }
  return kept;
}

/** Whether an unquoted word without a dot or slash is written like a file and not like a word. */
function isFileWord(written: string, name: string): boolean {
  if (/^\p{Lu}\p{L}+file$/iu.test(name) && /\p{Lu}/u.test(name)) return true;
  if (written !== name || name.length < 3) return false;
  return /^\p{Lu}[\p{Lu}\d_-]+$|\p{Ll}\p{Lu}|^\w+[_-]\w+$/u.test(name);
}

/**
 * Finds in any text the paths of what was read, as people and models write them: whole or by their
 * last segments, in any quotes, relative, absolute, encoded, in either Unicode form or case.
 */
export class PathResolver {
  readonly #paths: readonly string[];
  readonly #folded: readonly string[];
  readonly #trie: TailTrie;
  /** Folded; what may stand in front of a whole path. */
  readonly #prefixes: readonly string[];
  readonly #memo = new Map<string, readonly string[]>();
  #words: ReadonlySet<string> | null = null;
  #whole: ReadonlyMap<string, number> | null = null;
  #folders: Folders | null = null;

  /**
   * @param paths as in the listing
   * @param roots the folders that they lie in
   */
  constructor(paths: Iterable<string>, roots: readonly NamedRoot[] = []) {
    this.#paths = [...paths];
    this.#folded = this.#paths.map(foldName);
    this.#trie = new TailTrie(this.#folded);
    this.#prefixes = roots.flatMap(({ name, path }) => {
      const root = foldName(path).replace(/\/$/, '');
      const inside = name === '' ? '' : `${foldName(name)}/`;
      // With one root its folder's name may be written in front.
      return name === '' ? [`${root}/`, `${posix.basename(root)}/`] : [`${root}/\0${inside}`];
    });
  }

  /** The mentions in a text, in its order, none within another. Time: linear in the text. */
  mentions(text: string): PathMention[] {
    const literal = longest(this.#scan(text, foldText(text, false)));
    if (!/%[0-9a-f]{2}/i.test(text)) return literal;
    const decoded = longest(this.#scan(text, foldText(text, true)));
    const more = decoded.filter((mention) => !overlaps(mention, literal));
    return [...literal, ...more].sort((a, b) => a.start - b.start);
  }

  /** Whether a word is a part of a path: a folder, a file with or without its extension. */
  hasWord(word: string): boolean {
    this.#words ??= new Set(
      this.#paths.flatMap(
        (path) => path.normalize('NFC').match(/[\p{L}_$][\p{L}\p{M}\p{N}_$]*/gu) ?? [],
      ),
    );
    return this.#words.has(word.normalize('NFC'));
  }

  /** The folders of what was read. */
  get folders(): Folders {
    return (this.#folders ??= new Folders(this.#paths));
  }

  /** Whether a path is that of a folder with something in it. */
  hasFolder(path: string): boolean {
    const folder = `/${foldName(path)
      .replace(/^\.?\//, '')
      .replace(/\/$/, '')}/`;
    return this.#folded.some((each) => `/${each}`.includes(folder));
  }

  #scan(original: string, folded: FoldedText): PathMention[] {
    const found: PathMention[] = [];
    const { text, origin } = folded;
    for (let end = 1; end <= text.length; end++) {
      if (!endsName(text, end)) continue;
      const mention = this.#mentionAt(original, folded, end);
      if (mention === null) continue;
      const { start, paths } = mention;
      const [from, to] = [origin(start), origin(end)];
      const beside = linesBeside(original, from, to);
      const written = original.slice(from, to);
      if (!this.#isNaming(original, from, to, written, paths, beside !== null)) continue;
      const lines = beside?.lines ?? null;
      found.push({ start: from, end: to, endWithLines: beside?.end ?? to, paths, lines });
    }
    return found;
  }

  /** The longest path that ends here, and is not the tail of a longer one. */
  #mentionAt(
    original: string,
    folded: FoldedText,
    end: number,
  ): { readonly start: number; readonly paths: readonly string[] } | null {
    const { text, origin } = folded;
    for (const tail of this.#trie.tailsAt(text, end)) {
      const { start } = tail;
      const before = text.charAt(start - 1);
      const written = original.slice(origin(start), origin(end));
      const free =
        (!joins(before) || (before === '@' && !joins(text.charAt(start - 2)))) &&
        !(start > 0 && before !== '%' && original.charAt(origin(start - 1)) === '%');
      if (free) return { start, paths: this.#files(text.slice(start, end), written, tail) };
      if (before === '/') {
        const detour = this.#detour(text, start, end, written, tail);
        if (detour !== null) return detour;
      }
    }
    return null;
  }

  /** A whole path behind a root, `./`, or folders that lead back. */
  #detour(
    text: string,
    start: number,
    end: number,
    written: string,
    tail: Tail,
  ): { readonly start: number; readonly paths: readonly string[] } | null {
    const name = text.slice(start, end);
    let from = start;
    while (
      from > 1 &&
      text.startsWith('./', from - 2) &&
      (from === 2 || !extendsName(text.charAt(from - 3)) || text.charAt(from - 3) === '/')
    ) {
      from -= 2;
    }
    // `./dir/util.ts` may be seen from any folder: a tail will do.
    if (from < start && !joins(text.charAt(from - 1))) {
      return { start: from, paths: this.#files(name, written, tail) };
    }
    const whole = this.#wholePath(name);
    if (whole !== null && text.charAt(from - 1) === '/' && !joins(text.charAt(from - 2))) {
      return { start: from - 1, paths: this.#files(name, written, tail, true) };
    }
    for (const prefix of this.#prefixes) {
      const [root = '', inside = ''] = prefix.split('\0');
      const at = from - root.length;
      if (at < 0 || !text.startsWith(root, at) || this.#wholePath(`${inside}${name}`) === null) {
        continue;
      }
      const before = text.slice(Math.max(0, at - 8), at);
      if (joins(text.charAt(at - 1)) && !/(?:^|[^\w])file:\/\/\/?$/.test(before)) continue;
      const index = this.#wholePath(`${inside}${name}`);
      const uri = /file:\/\/\/?$/.exec(before)?.[0].length ?? 0;
      return { start: at - uri, paths: index === null ? [] : this.#same(index, written) };
    }
    return this.#normalised(text, end);
  }

  /** `src/../lib/a.ts` and the like, as long as they stay inside. */
  #normalised(
    text: string,
    end: number,
  ): { readonly start: number; readonly paths: readonly string[] } | null {
    let from = end;
    while (from > 0 && end - from < longestDetour && extendsName(text.charAt(from - 1))) from--;
    const token = text.slice(from, end);
    if (!/\/\.{0,2}\//.test(token)) return null;
    let path = posix.normalize(token);
    for (const prefix of this.#prefixes) {
      const [root = '', inside = ''] = prefix.split('\0');
      if (path.startsWith(root)) path = inside + path.slice(root.length);
    }
    const index = this.#wholePath(path);
    return index === null ? null : { start: from, paths: this.#same(index, '') };
  }

  #wholePath(folded: string): number | null {
    this.#whole ??= new Map(this.#folded.map((path, index) => [path, index]));
    return this.#whole.get(folded) ?? null;
  }

  /** The files whose folded path is that of another, by how it is written. */
  #same(index: number, written: string): readonly string[] {
    const folded = this.#folded[index] ?? '';
    const all = this.#paths.filter((_, other) => this.#folded[other] === folded);
    const exact = all.filter((path) => written !== '' && path.endsWith(written));
    return exact.length > 0 ? exact : all;
  }

  /** The files of a tail: those written just so before others, a whole path before tails. */
  #files(folded: string, written: string, tail: Tail, onlyWhole = false): readonly string[] {
    const key = `${String(onlyWhole)}${written}`;
    const known = this.#memo.get(key);
    if (known !== undefined) return known;
    const composed = written.replaceAll('\\', '/').normalize('NFC');
    const ranks: string[][] = [[], [], [], [], [], []];
    for (const index of tail.keys()) {
      const path = this.#paths[index] ?? '';
      const whole = this.#folded[index] === folded;
      if (onlyWhole && !whole) continue;
      const exact = path.endsWith(written);
      const same = exact || path.normalize('NFC').endsWith(composed);
      const rank = same ? (whole ? 0 : 2) + (exact ? 0 : 1) : whole ? 4 : 5;
      const list = ranks[rank];
      // A tail continues a path only behind a slash.
      if (list !== undefined && (whole || this.#folded[index]?.endsWith(`/${folded}`) === true)) {
        list.push(path);
      }
    }
    const best = ranks.find(({ length }) => length > 0) ?? [];
    this.#memo.set(key, best);
    return best;
  }

  /** Whether a text means the file and not a word that happens to be its name. */
  #isNaming(
    text: string,
    start: number,
    end: number,
    written: string,
    paths: readonly string[],
    hasLines: boolean,
  ): boolean {
    const [first] = paths;
    if (first === undefined) return false;
    if (hasLines || /[\\/]/.test(written) || quotes(text.charAt(start - 1), text.charAt(end))) {
      return true;
    }
    const name = posix.basename(first);
    return /^\.|\p{L}\S*\.[\p{L}\d]/u.test(name) || /[^\s.]\.\p{L}/u.test(name)
      ? true
      : isFileWord(written, name);
  }
}

/** Whether a character in front of a name makes it the tail of a longer one. */
function joins(before: string): boolean {
  return extendsName(before) || before === ')' || before === ']' || before === '}';
}

/** Whether a name may end here. */
function endsName(text: string, end: number): boolean {
  const after = text.charAt(end);
  if (after === '(') return /\d/.test(text.charAt(end + 1));
  if (after === '[' || after === '{') return false;
  if (!extendsName(after)) return true;
  // A full stop, not the next part of the name.
  if (after === '.') return !extendsName(text.charAt(end + 1)) && text.charAt(end - 1) !== '.';
  if (after === '#' && /^#L\d/i.test(text.slice(end, end + 3))) return true;
  if (after === '#') return /[\p{L}\d]/u.test(text.charAt(end + 1)) && hasExtension(text, end);
  return needsNoSpace(after) && text.charCodeAt(end - 1) < 128;
}

/** Whether what ends here is written with an extension: only then a `#` begins an anchor. */
function hasExtension(text: string, end: number): boolean {
  return /\.\w{1,8}$/.test(text.slice(Math.max(0, end - 9), end));
}
