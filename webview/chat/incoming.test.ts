import { describe, expect, it } from 'vitest';
import { readToChat } from './incoming.ts';

const good = { id: 1, question: 'Q', answer: 'A', status: { kind: 'stopped' } };

describe('readToChat', () => {
  it('passes on what is right', () => {
    const message = { type: 'conversation', turns: [good] };
    expect(readToChat(message)).toEqual({ message, faults: [] });
  });

  it('keeps the other turns, and what there is of a wrong one', () => {
    const wrong = { ...good, id: 2, status: { kind: 'done', result: { answer: 7 } } };
    const { message, faults } = readToChat({
      type: 'conversation',
      turns: [wrong, good, null, { ...good, id: 3, answer: 5 }, { ...good, id: -1 }],
    });
    expect(message).toMatchObject({
      type: 'conversation',
      turns: [
        { id: 2, question: 'Q', answer: 'A', status: { kind: 'failed' } },
        good,
        { id: 3, question: 'Q', answer: '' },
      ],
    });
    expect(faults).toHaveLength(4);
  });

  it('keeps what there is of a single turn', () => {
    const { message, faults } = readToChat({ type: 'turn', turn: { ...good, status: 'no' } });
    expect(message).toMatchObject({ type: 'turn', turn: { id: 1, answer: 'A' } });
    expect(faults).toHaveLength(1);
  });

  it.each([null, 'text', 7, {}, { type: 'unknown' }, { type: 'text', id: 'x' }, { type: 'turn' }])(
    'refuses %j and says so',
    (raw) => {
      const { message, faults } = readToChat(raw);
      expect(message).toBeNull();
      expect(faults).toHaveLength(1);
    },
  );
});
