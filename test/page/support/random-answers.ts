/** Random answers of every kind that a model, or the author of the code it read, may produce. */

import type { Answer, Mention } from '../../../extension/protocol/answer.ts';
import type { Turn } from '../../../extension/protocol/webview.ts';
import type { Random } from '../../quality/generator/random.ts';
import { fragments, oddPaths } from './odd-texts.ts';

const fences = ['', 'ts', 'c++', 'py', 'vue', 'json', 'sh', 'php', 'md', 'yaml', 'rb', '<b>', '"'];

const blocks: readonly ((random: Random) => string)[] = [
  (random) => `\`\`\`${random.pick(fences)}\n${line(random)}\n${line(random)}\n\`\`\``,
  (random) => `~~~\n${line(random)}\n${line(random)}`,
  (random) => `${'#'.repeat(random.integer(1, 8))} ${line(random)}`,
  (random) => list(random, () => `${random.pick(['-', '*', '+'])} `),
  (random) => list(random, (i) => `${String(i + 1)}${random.pick(['.', ')'])} `),
  (random) => `${'> '.repeat(random.integer(1, 5))}${line(random)}`,
  (random) => table(random),
  (random) => `    ${line(random)}`,
  (random) => line(random),
  (random) => `The ${line(random)}.`,
];

/** A turn and what the page must show for it. */
export interface RandomTurn {
  readonly turn: Turn;
  readonly mentions: readonly Mention[];
}

/** Makes a turn of any kind and state, with mentions of all kinds of paths. */
export function randomTurn(random: Random, id: number): RandomTurn {
  const paths = Array.from({ length: random.integer(0, 4) }, () => random.pick(oddPaths));
  const mentions = paths.map((path) => mentionOf(random, path));
  const answer = randomAnswer(random, mentions);
  const question = random.chance(0.9) ? line(random) : random.pick(oddPaths);
  const kind = random.weighted([
    ['done', 8],
    ['stopped', 1],
    ['failed', 1],
    ['answering', 1],
    ['waiting', 1],
  ] as const);
  const result = resultOf(random, question, answer, mentions);
  const status: Turn['status'] =
    kind === 'done'
      ? { kind, result }
      : kind === 'failed'
        ? { kind, message: line(random) }
        : { kind };
  return { turn: { id, question, answer, status }, mentions: kind === 'done' ? mentions : [] };
}

/** Huge answers, mostly of one kind of content each. */
export const hugeAnswers: readonly (readonly [name: string, text: string])[] = [
  ['a line of one letter', 'a'.repeat(1_000_000)],
  ['a line of words', 'The word '.repeat(111_111)],
  ['points', '.'.repeat(1_000_000)],
  ['backticks', '`'.repeat(1_000_000)],
  ['stars and letters', '**a '.repeat(250_000)],
  ['quotes in quotes', '> '.repeat(500_000)],
  ['lists in lists', '- '.repeat(500_000)],
  ['lines', 'a\n'.repeat(500_000)],
  ['control characters', '\0\u202e'.repeat(500_000)],
  ['combining marks', `a${'\u0301'.repeat(999_999)}`],
  ['right-to-left words', 'שלום '.repeat(200_000)],
  ['a right-to-left paragraph', 'שלום '.repeat(3_900)],
  ['wide characters', '\u{1f600}'.repeat(500_000)],
  ['a fence that never ends', `\`\`\`\n${'x = a = '.repeat(2_400)}`],
  ['code of brackets', `\`\`\`ts\n${`${'('.repeat(900)}\n`.repeat(22)}`],
  ['a list', `The list:\n\n${'- a\n'.repeat(4_900)}`],
  ['a list in each item', `The list:\n\n${'1. a\n   - b\n'.repeat(1_500)}`],
  ['a wide table', `The table:\n\n${'|a'.repeat(4_000)}|\n${'|-'.repeat(4_000)}|\n|b|`],
  ['a long table', `The table:\n\n|a|b|\n|-|-|\n${'|1|2|\n'.repeat(3_200)}`],
  ['bold words', 'The **a** '.repeat(2_000)],
  ['code spans', 'The `a` '.repeat(2_400)],
  ['paths', `The ${'a.ts '.repeat(3_900)}`],
];

function randomAnswer(random: Random, mentions: readonly Mention[]): string {
  const kind = random.weighted([
    ['line', 3],
    ['lines', 3],
    ['blocks', 4],
    ['characters', 1],
    ['nested', 0.3],
    ['empty', 0.1],
  ] as const);
  const named = mentions.map(({ text }) => random.pick([text, `see ${text}.`, `\`${text}\``]));
  return [randomText(random, kind), ...named].join(random.pick([' ', '\n', '\n\n', '']));
}

function randomText(
  random: Random,
  kind: 'line' | 'lines' | 'blocks' | 'characters' | 'nested' | 'empty',
): string {
  switch (kind) {
    case 'line':
      return line(random);
    case 'lines':
      return repeat(random, 2, 8, () => line(random)).join('\n');
    case 'blocks':
      return repeat(random, 1, 8, () => random.pick(blocks)(random)).join(
        random.pick(['\n', '\n\n']),
      );
    case 'characters':
      return String.fromCharCode(...repeat(random, 1, 80, () => random.integer(0, 0x10000)));
    case 'nested':
      return `The end:\n\n${random.pick(['> ', '- ', '1. ', '  - ', '>', '* ', '**']).repeat(random.integer(5, 200))}x`;
    case 'empty':
      return '';
  }
}

function line(random: Random): string {
  return repeat(random, 1, 10, () => random.pick(fragments)).join(random.chance(0.8) ? ' ' : '');
}

function list(random: Random, marker: (i: number) => string): string {
  return repeat(random, 1, 5, (i) => {
    const indent = random.chance(0.3) ? '  '.repeat(random.integer(1, 4)) : '';
    return indent + marker(i) + line(random);
  }).join('\n');
}

function table(random: Random): string {
  const columns = random.integer(1, 6);
  const row = (cell: () => string, more = 0): string =>
    `|${Array.from({ length: columns + more }, cell).join('|')}|`;
  const rows = repeat(random, 0, 4, () =>
    row(() => random.pick(fragments), random.chance(0.1) ? 1 : 0),
  );
  const rule = row(() => random.pick(['-', ':-:', '---', '-:']));
  return [row(() => random.pick(fragments)), rule, ...rows].join('\n');
}

function mentionOf(random: Random, path: string): Mention {
  const fromLine = random.chance(0.6) ? random.integer(1, 2_000) : null;
  const toLine = fromLine !== null && random.chance(0.3) ? fromLine + 9 : fromLine;
  const first = fromLine === null ? '' : String(fromLine);
  const last = toLine === null ? '' : String(toLine);
  const suffix =
    fromLine === null
      ? ''
      : random.pick([first === last ? `:${first}` : `:${first}-${last}`, `#L${first}`]);
  const text = random.pick([`${path}${suffix}`, `"${path}"${suffix}`, `\`${path}\`${suffix}`]);
  return { text, path, fromLine, toLine };
}

function resultOf(
  random: Random,
  question: string,
  answer: string,
  mentions: readonly Mention[],
): Answer {
  return {
    question,
    kind: 'text',
    answer,
    passages: [],
    mentions,
    unknownNames: random.chance(0.2) ? [random.pick(fragments)] : [],
    citations: repeat(random, 0, 4, () => ({
      path: random.pick(oddPaths),
      line: random.integer(1, 10_000_000),
    })),
    recalled: repeat(random, 0, 3, () => ({
      path: random.pick(oddPaths),
      fromLine: 1,
      toLine: random.integer(1, 3),
      tokens: random.integer(0, 500),
      signal: random.pick(['attention', 'identifiers', 'both'] as const),
    })),
    recalledShare: random.next(),
    attended: random.pick(['memory', 'recalled', 'memory+recalled'] as const),
    reusedTokens: 0,
    earlierTurns: 0,
    seenTurns: 0,
    promptTokens: 1,
    outputTokens: random.integer(0, 9),
    firstTokenMs: 5,
    tokensPerSecond: random.next() * 100,
    stopReason: random.pick(['end', 'length', 'cancelled'] as const),
    notices: random.chance(0.2) ? [line(random)] : [],
  };
}

function repeat<T>(random: Random, from: number, to: number, make: (i: number) => T): T[] {
  return Array.from({ length: random.integer(from, to) }, (_, i) => make(i));
}
