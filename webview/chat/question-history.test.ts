import { describe, expect, it } from 'vitest';
import { QuestionHistory } from './question-history.ts';

describe('QuestionHistory', () => {
  it('goes back, comes forward and ends with an empty box', () => {
    const history = new QuestionHistory(() => ['one', 'two', 'two', 'three']);
    expect(history.move('', 1)).toBe('three');
    expect(history.move('three', 1)).toBe('two');
    expect(history.move('two', 1)).toBe('one');
    expect(history.move('one', 1)).toBeNull();
    expect(history.move('one', -1)).toBe('two');
    expect(history.move('two', -1)).toBe('three');
    expect(history.move('three', -1)).toBe('');
    expect(history.move('', -1)).toBeNull();
    expect(history.move('', 1)).toBe('three');
  });

  it('leaves alone what was written or changed', () => {
    const history = new QuestionHistory(() => ['one']);
    expect(history.move('new', 1)).toBeNull();
    expect(history.move('', 1)).toBe('one');
    expect(history.move('one more', 1)).toBeNull();
    expect(history.move('one more', -1)).toBeNull();
  });

  it('has nothing before the first question', () => {
    expect(new QuestionHistory(() => []).move('', 1)).toBeNull();
  });
});
