import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  answerRepetition,
  completionRepetition,
  cutOffRepetition,
  RepetitionDetector,
  withoutRepetition,
} from './repetition.ts';
import type { RepetitionLimits } from './repetition.ts';
import { fullRun } from '../../../test/tools/full-run.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Returns what is left of a text, and how much of it was read. */
function read(text: string, limits: RepetitionLimits): { left: string; read: number } | null {
  const detector = new RepetitionDetector(limits);
  for (let at = 0; at < text.length; at += 3) {
    const found = detector.push(text.slice(at, at + 3));
    if (found !== null)
      return { left: withoutRepetition(text.slice(0, at + 3), found), read: at + 3 };
  }
  return null;
}

describe('an answer that repeats itself', () => {
  const paragraph = 'The limit is read from the settings, and a second time when they change. ';
  const page = ['onMemory', 'onCrash', 'onReading', 'onFiles', 'onAnswer']
    .map((name) => `The ${name} method is emitted when the client receives a notification. `)
    .join('');
  const pages = Array.from(
    { length: 30 },
    (_, at) => `The method number ${String(at)} is called when a file was read. `,
  ).join('');
  const figures = Array.from(
    { length: 20 },
    (_, at) => `| 0.${String(at * 7919)} | 12 | 3.5 |\n`,
  ).join('');
  it.each([
    ['one digit', 'It is ', '4', 1024, 'It is 444'],
    ['digits and points', 'Version ', '0.', 500, 'Version 0.0.0.'],
    ['a word', 'x ', 'ter', 300, 'x tertertert'.slice(0, 11)],
    ['a line', 'List:\n', '- src/a.ts\n', 60, `List:\n${'- src/a.ts\n'.repeat(3)}`.trimEnd()],
    ['a paragraph', 'So: ', paragraph, 6, `So: ${paragraph}`.trimEnd()],
    ['a page', 'So: ', page, 2, `So: ${page}`.trimEnd()],
    ['a cycle of many sentences', 'So: ', pages, 2, `So: ${pages}`.trimEnd()],
    ['a page of figures, three times', '', figures, 3, figures.trimEnd()],
    [
      'lines of two kinds',
      '',
      'export const a = 1;\nexport const b = 2;\n\n',
      9,
      'export const a = 1;\nexport const b = 2;',
    ],
    ['characters of two units', 'Ha ', '😀', 300, 'Ha 😀😀😀'],
  ])('is stopped: %s', (_, before, period, times, left) => {
    const found = read(before + period.repeat(times), answerRepetition);
    expect(found?.left).toBe(left);
    expect(found?.read).toBeLessThan(Math.max(500, 5 * period.length));
  });

  it.each([
    ['a separator', `A\n${'-'.repeat(200)}\nB`],
    ['a matrix of zeros', '[0, 0, 0, 0, 0, 0, 0, 0],\n'.repeat(8)],
    [
      'a hex dump',
      Array.from(
        { length: 40 },
        (_, at) => `${at.toString(16).padStart(4, '0')}: 00 00 00 00 00 00 00 00\n`,
      ).join(''),
    ],
    ['a table', '| --- | --- | --- | --- |\n| 0 | 0 | 0 | 0 |\n'.repeat(3)],
    ['a drawing', `${'+----------'.repeat(10)}+\n${'|          '.repeat(10)}|\n`],
    [
      'a list with a counter',
      Array.from({ length: 60 }, (_, at) => `item ${String(at)}: yes\n`).join(''),
    ],
    ['a page of figures, twice', figures.repeat(2)],
    ['the same line three times', 'await tick();\n'.repeat(3)],
  ])('goes on: %s', (_, text) => {
    expect(read(text, answerRepetition)).toBeNull();
  });

  it(`goes on for ${fullRun ? 'every text' : 'a sixteenth of the texts'} of this project`, () => {
    const texts = ['extension', 'webview', 'native-kernels', 'scripts', 'test', 'docs'].flatMap(
      (folder) =>
        readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' })
          .filter((name) => /\.(?:ts|mjs|cpp|h|md|css|txt)$/u.test(name))
          .map((name) => [name, readFileSync(`${root}${folder}/${name}`, 'utf8')] as const),
    );
    expect(texts.length).toBeGreaterThan(300);
    const inAnswers: string[] = [];
    const inCompletions: string[] = [];
    for (const [name, text] of texts.filter((_, i) => fullRun || i % 16 === 0)) {
      // As long as an answer and as a completion are at most; some of each text.
      for (let at = 0; at < text.length; at += 12_000) {
        if (new RepetitionDetector(answerRepetition).push(text.slice(at, at + 4_000)) !== null) {
          inAnswers.push(name);
        }
      }
      for (let at = 0; at < text.length; at += 2_000) {
        if (new RepetitionDetector(completionRepetition).push(text.slice(at, at + 400)) !== null) {
          inCompletions.push(name);
        }
      }
    }
    expect(inAnswers).toEqual([]);
    // Generated tables whose cells are all the same.
    expect(inCompletions.filter((name) => !name.endsWith('tables.md'))).toEqual([]);
  }, 120_000);
});

describe('RepetitionDetector', () => {
  it('finds the shortest period and where it begins', () => {
    const detector = new RepetitionDetector(completionRepetition);
    expect(detector.push(`x = ${'ab'.repeat(40)}`)).toEqual({ start: 4, period: 2 });
  });

  it('judges an end by other limits', () => {
    const detector = new RepetitionDetector(completionRepetition);
    expect(detector.push(`x = ${'0.'.repeat(16)}`)).toBeNull();
    expect(detector.atEnd(cutOffRepetition)).toEqual({ start: 4, period: 2 });
    detector.push('5');
    expect(detector.atEnd(cutOffRepetition)).toBeNull();
  });

  it('takes no longer for a later character than for an earlier one', () => {
    const time = (length: number): number => {
      const detector = new RepetitionDetector(answerRepetition);
      const text = Array.from({ length }, (_, at) => String((at * 7919) % 9973)).join('');
      const startedAt = performance.now();
      for (const character of text) detector.push(character);
      return (performance.now() - startedAt) / text.length;
    };
    time(1_000);
    expect(time(8_000)).toBeLessThan(6 * time(2_000));
  });
});
