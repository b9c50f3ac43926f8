/** The toy of the documents says the truth: it computes what the engine's model computes. */

import { afterAll, describe, expect, it } from 'vitest';
import { ask, question, read, source } from '../../docs/toy.ts';
import { tokenize } from '../../docs/toy-model.ts';
import { loadBundledModel } from './support/bundled-model.ts';

const { model } = await loadBundledModel();
afterAll(() => {
  model.dispose();
});

describe('the toy', () => {
  it.each([source, question, 'if (a) {\n\n    return "日本" + 12;\n}\n', 'x  =  y\t\n \n'])(
    'has the tokens of the addon: %j',
    (text) => {
      expect(tokenize(text)).toEqual([...model.tokenize(text, { special: true })]);
    },
  );

  it.each([
    ['retryLimit', '4821'],
    ['waitTime', '315'],
  ])('answers from a quarter of the rows as from all of them: %s is %s', (name, value) => {
    const tokens = tokenize(source.replace('retryLimit = 4821', `${name} = ${value}`));
    const asked = question.replace('retryLimit', name);
    const budget = Math.floor(tokens.length / 4);
    expect(ask(read(tokens), tokens.length, asked)).toBe(value);
    const held = read(tokens, budget);
    for (const rows of held.flat()) expect(rows.length).toBe(budget);
    expect(ask(held, tokens.length, asked)).toBe(value);
    // Asking left nothing behind.
    for (const rows of held.flat()) expect(rows.length).toBe(budget);
  });

  it('answers nothing right from rows that do not hold it', () => {
    const tokens = tokenize(source);
    const oldest = (rows: readonly unknown[]): number[] => rows.map((_, i) => -i);
    expect(ask(read(tokens, 30, oldest), tokens.length, question)).not.toBe('4821');
  });
});
