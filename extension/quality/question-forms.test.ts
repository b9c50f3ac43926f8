import { describe, expect, it } from 'vitest';
import { recogniseForm, wordForm } from './question-forms.ts';
import { fastestMs } from '../../test/tools/fastest.ts';

describe('recogniseForm', () => {
  it.each([
    ['What is the value of MAX_RETRIES?', 'value', 'MAX_RETRIES'],
    ["what's the value of `maxRetries`", 'value', 'maxRetries'],
    ['  What is   maxRetries set to?? ', 'value', 'maxRetries'],
    ['What value does the constant $limit have?', 'value', '$limit'],
    ['Tell me the value of größe.', 'value', 'größe'],
    ['Value of a_b?', 'value', 'a_b'],
    ['What number is port?', 'value', 'port'],
    ['Which module is Journal imported from?', 'import', 'Journal'],
    ['Where is "streetKm" imported from?', 'import', 'streetKm'],
    ['Where is parsePort() defined?', 'file', 'parsePort'],
    ['Which file defines the class Journal?', 'file', 'Journal'],
    ['What does isLate return?', 'returns', 'isLate'],
    ['What does limit default to in readAll?', 'default', 'readAll'],
  ])('knows %j', (question, form, name) => {
    expect(recogniseForm(question)).toMatchObject({ form, name });
  });

  it.each([
    'How does planning work?',
    'What is the value of life, the universe and everything?',
    'What is the value of a.b?',
    'Where is the retry limit defined?',
    'Explain what is the value of x?',
    'What is the value of x and what is the value of y?',
    '',
    `What is the value of ${'x'.repeat(500)}?`,
  ])('leaves %j to the passages', (question) => {
    expect(recogniseForm(question)).toBeNull();
  });

  it('takes no time over a long text', () => {
    const milliseconds = fastestMs(500, () => {
      for (const text of [
        'what is the value of '.repeat(4_000),
        ' '.repeat(40_000),
        '`'.repeat(40_000),
      ]) {
        expect(recogniseForm(text)).toBeNull();
      }
    });
    expect(milliseconds).toBeLessThan(500);
  });
});

it.each(['value', 'import', 'file', 'returns'] as const)(
  'asks for a %s as it is taught',
  (form) => {
    const formed = { form, name: 'a_b', parameter: null };
    expect(recogniseForm(wordForm(formed))).toEqual(formed);
  },
);
