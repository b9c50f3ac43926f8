import { describe, expect, it } from 'vitest';
import type { ChatFormat } from './chat-format.ts';
import { concatenate } from './tokens.ts';
import { Transcript } from './transcript.ts';

/** One token per character; a question is `?text:`, an answer ends with `;`. */
const tokensOf = (text: string): Int32Array => Int32Array.from(Buffer.from(text));
const textOf = (tokens: Int32Array): string => Buffer.from(tokens).toString();
const chat: ChatFormat = {
  prologue: new Int32Array(),
  question: (text) => tokensOf(`?${text}:`),
  answerEnd: tokensOf(';'),
  reasoning: null,
};
const [one, two, three] = ['one', 'two', 'three'].map((question, index) => ({
  question,
  answer: String(index + 1),
})) as [PastTurn, PastTurn, PastTurn];
type PastTurn = Readonly<Record<'question' | 'answer', string>>;
const room = { capacity: 1000, needed: 100 };

/** Answers questions as the engine does, each after its own recalled text. */
function talk(transcript: Transcript, turns: readonly PastTurn[]): void {
  for (const [index, turn] of turns.entries()) {
    const history = turns.slice(0, index);
    const past = transcript.past(history, room);
    const opening = past.attended === null ? 'begin ' : '';
    const own = tokensOf(`[text]?${turn.question}:${turn.answer}`);
    const tokens = concatenate(tokensOf(opening), past.tokens, own);
    transcript.keep(history, turn, tokens, 'recalled');
  }
}

function begun(...turns: readonly PastTurn[]): Transcript {
  const transcript = new Transcript(chat, { tokenize: (text) => tokensOf(text) });
  talk(transcript, turns);
  return transcript;
}

describe('Transcript', () => {
  it('gives a conversation as it was written', () => {
    const past = begun(one, two).past([one, two], room);
    expect(textOf(past.tokens)).toBe('begin [text]?one:1;[text]?two:2;');
    expect(past).toMatchObject({ attended: 'recalled', turns: 2 });
  });

  it('can go on from any turn of it, as after a question that was stopped', () => {
    const transcript = begun(one, two, three);
    expect(textOf(transcript.past([one], room).tokens)).toBe('begin [text]?one:1;');
    talk(transcript, [one]);
    expect(textOf(transcript.past([one], room).tokens)).toBe('begin [text]?one:1;');
    expect(transcript.past([], room).tokens).toHaveLength(0);
  });

  it('writes turns anew where they were never written, or otherwise', () => {
    for (const history of [[two], [one, three], [{ ...one, answer: '7' }]]) {
      const past = begun(one, two).past(history, room);
      const text = history.map(({ question, answer }) => `?${question}:${answer};`).join('');
      expect(past).toEqual({ attended: null, tokens: tokensOf(text), turns: history.length });
    }
    expect(textOf(begun().past([one], room).tokens)).toBe('?one:1;');
  });

  it('goes on from a conversation that began with turns written anew, but not from those', () => {
    const transcript = begun();
    transcript.keep([one], two, tokensOf('begin ?one:1;[text]?two:2'), 'recalled');
    expect(textOf(transcript.past([one, two], room).tokens)).toBe('begin ?one:1;[text]?two:2;');
    expect(textOf(transcript.past([one], room).tokens)).toBe('?one:1;');
  });

  it('leaves the next question its room: recalled text goes first, then the oldest turns', () => {
    const transcript = begun(one, two);
    const within = (capacity: number, needed: number): string =>
      textOf(transcript.past([one, two], { capacity, needed }).tokens);
    expect(within(48, 16)).toBe('begin [text]?one:1;[text]?two:2;');
    expect(within(48, 17)).toBe('?two:2;');
    expect(within(60, 46)).toBe('?one:1;?two:2;');
    expect(within(60, 54)).toBe('');
    expect(within(60, 90)).toBe('');
    expect(transcript.past([one, two], { capacity: 48, needed: 17 }).turns).toBe(1);
  });
});
