import { expect, it } from 'vitest';
import { ReasoningStream } from './reasoning.ts';
import type { ReasoningMarks } from './reasoning.ts';

type Marks = Pick<ReasoningMarks, 'open' | 'close' | 'before' | 'after'>;

const think: Marks = { open: '<think>', close: '</think>', before: null, after: null };
const response: Marks = { ...think, before: '<response>', after: '</response>' };
const minimax: Marks = { ...think, before: '</think>' };
const harmony: Marks = {
  open: '<|channel|>analysis<|message|>',
  close: '<|end|><|start|>assistant<|channel|>final<|message|>',
  before: '<|channel|>final<|message|>',
  after: null,
};

/** Splits a text that comes in these pieces. */
function split(marks: Marks, opened: boolean, pieces: readonly string[]): [string, string] {
  const stream = new ReasoningStream(marks, opened);
  let [reasoning, answer] = ['', ''];
  for (const part of [...pieces.map((piece) => stream.push(piece)), stream.end()]) {
    reasoning += part.reasoning;
    answer += part.answer;
  }
  return [reasoning, answer];
}

const texts: readonly [string, Marks, boolean, string, string, string][] = [
  ['reasons', think, false, '<think>\nIt is 5.\n</think>\n\nFive.', '\nIt is 5.\n', 'Five.'],
  ['was opened by the prompt', think, true, 'It is <5>.</think>Five.', 'It is <5>.', 'Five.'],
  ['begins with spaces', think, false, ' \n<think>a</think> b', 'a', ' b'],
  ['does not reason', think, false, 'Five.', '', 'Five.'],
  ['reasons about nothing', think, false, '<think>\n\n</think>\n\n  x\n  y', '\n\n', '  x\n  y'],
  ['says a mark later', think, false, 'Write <think>a</think>.', '', 'Write <think>a</think>.'],
  ['says it after reasoning', think, false, '<think>a</think>b</think>', 'a', 'b</think>'],
  ['opens twice', think, true, '<think>a</think>b', '<think>a', 'b'],
  ['begins like a mark', think, false, '<thin ice>', '', '<thin ice>'],
  ['ends within a mark', think, false, '<think>a</thi', 'a</thi', ''],
  ['ends within the first mark', think, false, ' <thi', '', ' <thi'],
  ['ends after its reasoning', think, false, '<think>a</think>\n\n', 'a', ''],
  ['has characters of two units', think, false, '<think>😀</</think>😀', '😀</', '😀'],
  [
    'has channels',
    harmony,
    false,
    `${harmony.open}It is 5.${harmony.close}Five.`,
    'It is 5.',
    'Five.',
  ],
  ['has one channel', harmony, false, '<|channel|>final<|message|>Five.', '', 'Five.'],
  ['has another channel', harmony, false, '<|channel|>x', '', '<|channel|>x'],
  ['marks its answer', response, false, '<think>a</think>\n<response>b\n</response>\n', 'a', 'b'],
  ['marks its answer alone', response, false, '<response>b</response>', '', 'b'],
  ['marks no answer', response, false, '<think>a</think>b </res', 'a', 'b </res'],
  [
    'says the last mark',
    response,
    false,
    'Say </response> or </response',
    '',
    'Say </response> or </response',
  ],
  ['closes what it did not open', minimax, false, '</think>Five.', '', 'Five.'],
  ['closes what it opened', minimax, false, '<think>a</think>Five.', 'a', 'Five.'],
];

it.each(texts)('a text that %s is split alike wherever it is cut', (...row) => {
  const [, marks, opened, text, ...expected] = row;
  expect(split(marks, opened, [text])).toEqual(expected);
  expect(split(marks, opened, Array.from(text))).toEqual(expected);
  for (let first = 0; first <= text.length; first += 1) {
    expect(split(marks, opened, [text.slice(0, first), text.slice(first)])).toEqual(expected);
    for (let second = first; second <= text.length; second += 3) {
      const pieces = [text.slice(0, first), text.slice(first, second), text.slice(second)];
      expect(split(marks, opened, pieces)).toEqual(expected);
    }
  }
});

it('gives reasoning and answer as soon as they are certain', () => {
  const stream = new ReasoningStream(think, false);
  expect(stream.push('<thi')).toEqual({ reasoning: '', answer: '' });
  expect(stream.push('nk>It is <')).toEqual({ reasoning: 'It is ', answer: '' });
  expect([stream.reasoning, stream.answering]).toEqual([true, false]);
  expect(stream.push('5')).toEqual({ reasoning: '<5', answer: '' });
  expect(stream.push('</think>')).toEqual({ reasoning: '', answer: '' });
  expect([stream.reasoning, stream.answering]).toEqual([false, false]);
  expect(stream.push('\nFi')).toEqual({ reasoning: '', answer: 'Fi' });
  expect(stream.push('ve')).toEqual({ reasoning: '', answer: 've' });
});
