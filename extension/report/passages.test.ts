import { expect, it } from 'vitest';
import { passagesText } from './passages.ts';

it('shows the lines with their numbers and marks the one that was looked for', () => {
  const passage = {
    path: 'src/a.ts',
    fromLine: 9,
    toLine: 11,
    line: 10,
    text: 'one\n  two\nthree',
  };
  expect(passagesText({ answer: 'Here is where I would look:', passages: [passage] })).toBe(
    'Here is where I would look:\n\nsrc/a.ts:10\n   9  one\n> 10    two\n  11  three\n',
  );
});

it('is one sentence where there are none', () => {
  expect(passagesText({ answer: '“x” does not occur in what was read.', passages: [] })).toBe(
    '“x” does not occur in what was read.\n',
  );
});
