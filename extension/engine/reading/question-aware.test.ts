import { describe, expect, it } from 'vitest';
import type { PolicyRows } from '../native/contract.ts';
import { probeFor, questionAware } from './question-aware.ts';

const scored: Readonly<Record<string, readonly [score: string, rows: PolicyRows]>> = {
  default: ['keydiff', 'none'],
  snapkv: ['attention', 'last'],
  kvzip: ['attention', 'repeat'],
  keydiff: ['keydiff', 'none'],
  full: ['none', 'none'],
};

/** As the addon: rows matter where the score is attention. */
const addon = {
  policyRows: ({ name, parameters }: Parameters<typeof questionAware>[1]): PolicyRows => {
    const [score = '', rows = 'none'] = scored[name] ?? [];
    if ((parameters['score'] ?? score) !== 'attention') return 'none';
    return (parameters['rows'] as PolicyRows | undefined) ?? rows;
  },
};

const aware = (name: string, parameters = {}): unknown =>
  questionAware(addon, { name, parameters }).parameters;

describe('questionAware', () => {
  it('lets a policy that scores by attention look through the probe', () => {
    expect(aware('snapkv')).toEqual({ rows: 'probe' });
    expect(aware('kvzip', { window: '8' })).toEqual({ rows: 'probe', window: '8' });
  });

  it('leaves a policy that does as it is', () => {
    expect(aware('snapkv', { rows: 'both', pool: '3' })).toEqual({ rows: 'both', pool: '3' });
  });

  it('makes the default look, and leaves what the user set', () => {
    expect(aware('default')).toMatchObject({ score: 'attention', rows: 'probe', raise: '1' });
    expect(aware('default', { raise: '5' })).toMatchObject({ score: 'attention', raise: '5' });
    expect(aware('keydiff', { score: 'attention' })).toMatchObject({ rows: 'probe' });
  });

  it.each([
    ['keydiff', {}, /"keydiff" does not use attention.*Choose "default" or .*"snapkv"/],
    ['full', {}, /"full" does not use attention/],
    ['default', { score: 'knorm' }, /"default" does not use attention/],
    ['snapkv', { rows: 'last' }, /With rows=last, .* set it to probe or both/],
  ])('refuses %s %j', (name, parameters, message) => {
    expect(() => aware(name, parameters)).toThrow(message);
  });
});

describe('probeFor', () => {
  const chat = {
    prologue: new Int32Array(),
    question: (text: string) => new Int32Array(text.length),
    answerEnd: new Int32Array(),
    reasoning: null,
  };

  it('is the question as it will be asked, or the fixed probe', () => {
    expect(probeFor(chat, 'What?', 256)).toHaveLength(5);
    expect(probeFor(chat, undefined, 256).length).toBeGreaterThan(64);
  });

  it('blames the question where it leaves too little of a chunk', () => {
    expect(probeFor(chat, 'x'.repeat(192), 256)).toHaveLength(192);
    expect(() => probeFor(chat, 'x'.repeat(193), 256)).toThrow(
      /The question has 193 tokens, but this model allows at most 192 .*shorter question/,
    );
  });
});
