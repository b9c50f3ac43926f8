/** What an answer states that it cannot know from the repository: the user is told to check it. */

import type { PathResolver } from '../../repository/recall/path-resolver.ts';
import type { SearchIndex } from '../../repository/recall/search-index.ts';
import { unknownNames } from '../../repository/recall/unknown-names.ts';

/** What an answer rests on. */
export interface Grounds {
  readonly search: SearchIndex;
  readonly resolver: PathResolver;
  /** The question and those before it, in the user's words. */
  readonly asked: readonly string[];
  /** Earlier answers, which prove nothing that they say. */
  readonly answered: readonly string[];
  /** The prompt: what was read again for this turn and earlier ones; null with the memory. */
  readonly seen: string | null;
}

/** In code, a value that is given to a name. */
const values =
  /(?<![\p{L}\p{N}_$])([\p{L}_$][\p{L}\p{N}_$]{0,99})\s{0,9}[:=]\s{0,9}(\d[\d._]{0,99})/gu;
/** Two digits or more, or parts of a version: a single digit may count anything. */
const numbers = /(?<![\p{L}\p{N}_.])\d+(?:[.,_]\d+)*(?![\p{L}\p{N}_])/gu;
/** `Node.js` is a product, `RestartPolicy.js` a file if the repository has the name before the dot. */
const capitalFiles =
  /(?<![\p{L}\p{N}_./\\-])(\p{Lu}\p{Ll}{1,99}\p{Lu}[\p{L}\d]{0,99})\.js(?![\p{L}\p{N}_])/gu;
/** A longer list would hide the answer. */
const mostNamed = 6;

/**
 * Returns sentences on names in an answer that occur nowhere in what was read, and on numbers that
 * occur neither in the passages nor in the questions. Blocks of code may define names of their own and
 * use any number, but not as the value of a name that was read.
 */
export function inventionNotices(answer: string, grounds: Grounds): string[] {
  const { prose, blocks } = parted(answer);
  const names = inventedNames(prose, grounds);
  const figures = inventedNumbers(`${prose}\n${statedValues(blocks, grounds)}`, grounds);
  return [
    ...(names.length === 0 ? [] : [sentence(names, 'in what was read')]),
    ...(figures.length === 0 ? [] : [sentence(figures, 'in the passages that were looked up')]),
  ];
}

function inventedNames(prose: string, { search, resolver, asked }: Grounds): string[] {
  // In an answer, a word in quotation marks is a word; only code marks make it a name.
  const unknown = unknownNames(prose.replace(/["“”«»']/gu, ' '), search, resolver);
  const files = [...prose.matchAll(capitalFiles)]
    .filter(([, stem = '']) => search.isExhaustive && search.find(stem, 1).files > 0)
    .map(([file]) => file)
    .filter((file) => resolver.mentions(file).length === 0);
  return [...new Set([...unknown, ...files])].filter(
    (name) => !asked.some((text) => text.includes(name)),
  );
}

function inventedNumbers(prose: string, { asked, answered, seen }: Grounds): string[] {
  if (seen === null) return [];
  const read = answered.reduce(
    (text, answer) => (answer === '' ? text : text.split(answer).join('\n')),
    seen,
  );
  const known = new Set(
    [...asked, read].flatMap((text) => text.match(/\d+(?:[.,_]\d+)*/gu) ?? []).map(digits),
  );
  const stated = (prose.match(numbers) ?? []).filter((number) => number.length > 1);
  return [...new Set(stated)].filter((number) => !known.has(digits(number)));
}

/** `1,024` and `1_024` are the same number. */
function digits(number: string): string {
  return number.replaceAll(/[,_]/gu, '');
}

/** The numbers that code gives as values to names that were read. */
function statedValues(blocks: string, { search }: Grounds): string {
  return [...blocks.matchAll(values)]
    .filter(([, name = '']) => search.find(name, 1).files > 0)
    .map(([, , number = '']) => number.replace(/[._]+$/u, ''))
    .join('\n');
}

/** Separates fenced code; a fence that is not closed ends with the answer. */
function parted(answer: string): { readonly prose: string; readonly blocks: string } {
  const prose: string[] = [];
  const blocks: string[] = [];
  let fence = '';
  for (const line of answer.split('\n')) {
    const mark = /^\s{0,3}(`{3,}|~{3,})/u.exec(line)?.[1] ?? '';
    if (fence === '') {
      if (mark === '') prose.push(line);
      else fence = mark;
    } else if (mark.startsWith(fence)) {
      fence = '';
    } else {
      blocks.push(line);
    }
  }
  return { prose: prose.join('\n'), blocks: blocks.join('\n') };
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
