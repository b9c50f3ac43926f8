import { describe, expect, it } from 'vitest';
import { answerOf } from '../../../test/fixtures/answer.ts';
import { Conversation } from './conversation.ts';

const result = answerOf('all of it');

describe('Conversation', () => {
  it('takes one question at a time', () => {
    const conversation = new Conversation('id');
    const first = conversation.ask('one', 'answering');
    expect(first).toMatchObject({ id: 1, question: 'one', answer: '' });
    expect(conversation.ask('two', 'answering')).toBeNull();
    conversation.finish(1, result);
    expect(conversation.ask('two', 'answering')).toMatchObject({ id: 2 });
  });

  it('goes from waiting to answering with the first text', () => {
    const conversation = new Conversation('id');
    conversation.ask('one', 'waiting');
    expect(conversation.append(1, 'al')).toMatchObject({
      answer: 'al',
      status: { kind: 'answering' },
    });
    expect(conversation.append(1, 'l')).toMatchObject({ answer: 'all' });
  });

  it('ends with the text of the result', () => {
    const conversation = new Conversation('id');
    conversation.ask('one', 'answering');
    conversation.append(1, 'all');
    expect(conversation.finish(1, result)).toMatchObject({ answer: 'all of it' });
  });

  it.each(['stop', 'fail'] as const)('keeps what was written on %s', (end) => {
    const conversation = new Conversation('id');
    conversation.ask('one', 'answering');
    conversation.append(1, 'so far');
    const turn = end === 'stop' ? conversation.stop(1) : conversation.fail(1, 'Crashed.');
    expect(turn).toMatchObject({ answer: 'so far' });
    expect(conversation.open).toBeNull();
  });

  it('changes nothing after the end', () => {
    const conversation = new Conversation('id');
    conversation.ask('one', 'answering');
    conversation.stop(1);
    expect(conversation.append(1, 'late')).toBeNull();
    expect(conversation.finish(1, result)).toBeNull();
    expect(conversation.find(1)).toMatchObject({ answer: '', status: { kind: 'stopped' } });
  });

  it('uses no number twice, whatever is removed', () => {
    const conversation = new Conversation('id', 5, [
      { id: 1, question: 'one', answer: '1', status: { kind: 'stopped' } },
    ]);
    expect(conversation.turns.map(({ id }) => id)).toEqual([5]);
    expect(conversation.removeLast(4)).toBeNull();
    expect(conversation.removeLast(5)).toMatchObject({ question: 'one' });
    expect(conversation.turns).toEqual([]);
    expect(conversation.ask('two', 'answering')).toMatchObject({ id: 6 });
    expect(conversation.removeLast(6)).toBeNull();
    expect(conversation.nextId).toBe(7);
  });

  it('is followed up on by what the model wrote, in order, and by nothing else', () => {
    const conversation = new Conversation('id');
    const turn = (question: string): number => conversation.ask(question, 'answering')?.id ?? 0;
    conversation.finish(turn('one'), { ...result, question: 'one', answer: '1' });
    conversation.finish(turn('two'), { ...result, kind: 'passages', answer: 'Look here.' });
    conversation.fail(turn('three'), 'It failed.');
    conversation.stop(turn('four'));
    conversation.finish(turn('five'), { ...result, question: 'five', answer: '5' });
    const last = turn('six');
    expect(conversation.historyOf(last)).toEqual([
      { question: 'one', answer: '1' },
      { question: 'five', answer: '5' },
    ]);
    expect(conversation.historyOf(1)).toEqual([]);
  });
});
