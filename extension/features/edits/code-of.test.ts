import { expect, it } from 'vitest';
import { codeOf } from './code-of.ts';

function of(answer: string): unknown {
  const code = codeOf({ kind: 'text', answer, stopReason: 'end' });
  return code.ok ? code.text : code.message;
}

it.each([
  ['```ts\na();\n```', 'a();'],
  ['Here:\n\n```\n\n  a();\n  b();\n\n```\nIt calls a.\n```\nc();\n```', '  a();\n  b();'],
  ['~~~~py\n```\n~~~\n~~~~', '```\n~~~'],
  ['```ts\na();\n', 'a();'],
  ['  a();\n', '  a();'],
])('takes the code of %j', (answer, code) => {
  expect(of(answer)).toBe(code);
});

it.each(['', ' \n', '```\n```', '```\n\n```'])('says that %j has none', (answer) => {
  expect(of(answer)).toBe('The model wrote no code. Say it in other words.');
});

it('says what to do about a model that writes none, and an answer that is not whole', () => {
  const cut = codeOf({ kind: 'text', answer: 'a', stopReason: 'length' });
  expect(cut).toEqual({
    ok: false,
    message: 'The code is too long for one answer. Select less code.',
  });
  const { ok } = codeOf({ kind: 'passages', answer: 'Here:', stopReason: 'end' });
  expect(ok).toBe(false);
});
