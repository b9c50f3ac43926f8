/** What an answer states that it cannot know from the repository: the user is told to check it. */

import type { PathResolver } from '../../repository/recall/path-resolver.ts';
import type { SearchIndex } from '../../repository/recall/search-index.ts';
import { unknownNames } from '../../repository/recall/unknown-names.ts';

/** What an answer rests on. */
export interface Grounds {
  readonly search: SearchIndex;
  readonly resolver: PathResolver;
  /** The question and the turns before it, in the user's and the model's words. */
  readonly said: readonly string[];
  /** The prompt: what was read again for this turn and earlier ones; null with the memory. */
  readonly seen: string | null;
}

/** Two digits or more, or parts of a version: a single digit may count anything. */
const numbers = /(?<![\p{L}\p{N}_.])\d+(?:[.,_]\d+)*(?![\p{L}\p{N}_])/gu;
/** `Node.js` is a product, `RestartPolicy.js` a file if the repository has the name before the dot. */
const capitalFiles =
  /(?<![\p{L}\p{N}_./\\-])(\p{Lu}\p{Ll}{1,99}\p{Lu}[\p{L}\d]{0,99})\.js(?![\p{L}\p{N}_])/gu;
/** A longer list would hide the answer. */
const mostNamed = 6;

/**
 * Returns sentences on names in an answer that occur nowhere in what was read, and on numbers that
 * occur neither in the passages nor in the conversation. Blocks of code may define names of their own.
 */
export function inventionNotices(answer: string, grounds: Grounds): string[] {
  const prose = withoutBlocks(answer);
  const names = inventedNames(prose, grounds);
  const figures = inventedNumbers(prose, grounds);
  return [
    ...(names.length === 0 ? [] : [sentence(names, 'in what was read')]),
    ...(figures.length === 0 ? [] : [sentence(figures, 'in the passages that were looked up')]),
  ];
}

function inventedNames(prose: string, { search, resolver, said }: Grounds): string[] {
  // In an answer, a word in quotation marks is a word; only code marks make it a name.
  const unknown = unknownNames(prose.replace(/["“”«»']/gu, ' '), search, resolver);
  const files = [...prose.matchAll(capitalFiles)]
    .filter(([, stem = '']) => search.isExhaustive && search.find(stem, 1).files > 0)
    .map(([file]) => file)
    .filter((file) => resolver.mentions(file).length === 0);
  return [...new Set([...unknown, ...files])].filter((name) => !said.some((t) => t.includes(name)));
}

function inventedNumbers(prose: string, { said, seen }: Grounds): string[] {
  if (seen === null) return [];
  const known = new Set(
    [...said, seen].flatMap((text) => text.match(/\d+(?:[.,_]\d+)*/gu) ?? []).map(digits),
  );
  const stated = (prose.match(numbers) ?? []).filter((number) => number.length > 1);
  return [...new Set(stated)].filter((number) => !known.has(digits(number)));
}

/** `1,024` and `1_024` are the same number. */
function digits(number: string): string {
  return number.replaceAll(/[,_]/gu, '');
}

/** Removes fenced code; a fence that is not closed ends with the answer. */
function withoutBlocks(answer: string): string {
  const kept: string[] = [];
  let fence = '';
  for (const line of answer.split('\n')) {
    const mark = /^\s{0,3}(`{3,}|~{3,})/u.exec(line)?.[1] ?? '';
    if (fence === '') {
      if (mark === '') kept.push(line);
      else fence = mark;
    } else if (mark.startsWith(fence)) {
      fence = '';
    }
  }
  return kept.join('\n');
}

function sentence(found: readonly string[], where: string): string {
  const named = found.slice(0, mostNamed).map((name) => `“${name}”`);
  const list =
    named.length === 1
      ? named.join('')
      : `${named.slice(0, -1).join(', ')} and ${named.at(-1) ?? ''}`;
  const [verb, them] = named.length === 1 ? ['does', 'it'] : ['do', 'them'];
  return `${list} ${verb} not occur ${where}: the model may have made ${them} up.`;
}
