import { describe, expect, it } from 'vitest';
import { openResult } from '../../../test/fixtures/open-result.ts';
import { toSessionView } from '../webviews/session-view.ts';
import { prepareQuestion, type Prepared } from './prepare-question.ts';

const ready = toSessionView({ kind: 'ready', result: openResult(), notice: null }, true, 2);

function prepare(text: string, selection: string | null = null): Prepared {
  return prepareQuestion(
    text,
    () => selection,
    () => ready,
  );
}

describe('prepareQuestion', () => {
  it('asks what is written, or what a command makes of it', () => {
    expect(prepare('Why?', '@a.ts:1')).toEqual({ kind: 'ask', question: 'Why?' });
    expect(prepare('/tests', '@a.ts:1-3')).toEqual({
      kind: 'ask',
      question:
        'Write tests for this code, in the manner of the tests of this repository: @a.ts:1-3',
    });
  });

  it('says what is missing', () => {
    expect(prepare('/fix')).toEqual({
      kind: 'incomplete',
      message:
        'Select code in the editor, or name a file, a folder or a function with @ behind /fix.',
    });
    expect(prepare('/where')).toEqual({
      kind: 'incomplete',
      message: 'Write a name behind /where.',
    });
  });

  it('answers /memory from the state', () => {
    const { kind, ...said } = prepare('/memory');
    expect(kind).toBe('answered');
    expect(said).toMatchInlineSnapshot(`
      {
        "answer": "Remembers 100 of 5,000 tokens in 1,000 B, within a budget of 100 tokens.
      Read: 1 file, 5,000 tokens.
      Model: tiny (cpu). Policy: default.
      2 files changed since they were read.",
      }
    `);
  });

  it('says what to do where nothing is remembered', () => {
    const idle = prepareQuestion(
      '/memory',
      () => null,
      () => ({ kind: 'idle' }),
    );
    expect(idle).toEqual({
      kind: 'answered',
      answer: 'Nothing is remembered. Read the repository first.',
    });
  });
});
