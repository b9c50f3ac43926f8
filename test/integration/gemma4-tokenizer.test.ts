/** The tokenizer of Gemma 4: merges over whole lines, blanks as U+2581, bytes for what is in no token. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createChatFormat } from '../../extension/engine/prompt/chat-format.ts';
import type { NativeModel } from '../../extension/engine/native/contract.ts';
import { validateModel } from '../../extension/models/validate.ts';
import type { GgufValue } from '../tools/gguf-writer.ts';
import { shapes, writeRandomModel } from '../tools/random-gguf.ts';
import { loadModel } from './support/bundled-model.ts';
import { temporaryFolder } from './support/folders.ts';

const blank = '\u2581';
const types = { normal: 1, control: 3, userDefined: 4, unused: 5, byte: 6 } as const;

const control = ['<pad>', '<eos>', '<bos>', '<|turn>', '<turn|>'];
const ascii = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index));
const merged = ['re', 'ret', `${blank}ret`, blank + blank, 'if'];
const vocabulary: readonly (readonly [string, number])[] = [
  ...control.map((token) => [token, types.control] as const),
  ['<|channel>', types.userDefined],
  ...Array.from(
    { length: 256 },
    (_, byte) => [`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`, types.byte] as const,
  ),
  ...['\n', '\n\n', '\t', blank, ...ascii, ...merged].map(
    (token) => [token, types.normal] as const,
  ),
];

function tokenizer(): Record<string, GgufValue | null> {
  const unused = shapes.brief.vocabulary - vocabulary.length;
  const all = [
    ...vocabulary,
    ...Array.from({ length: unused }, (_, i) => [`<unused${String(i)}>`, types.unused] as const),
  ];
  const merges = ['r e', 're t', `${blank} ret`, `${blank} ${blank}`, 'i f'];
  const ids = Object.fromEntries(
    ['padding', 'eos', 'bos'].map((name, value) => [
      `tokenizer.ggml.${name}_token_id`,
      { type: 'uint32', value } as const,
    ]),
  );
  const others = ['eot', 'fim_pre', 'fim_suf', 'fim_mid', 'fim_rep', 'fim_sep', 'fim_pad'];
  return {
    ...Object.fromEntries(others.map((name) => [`tokenizer.ggml.${name}_token_id`, null])),
    ...ids,
    'tokenizer.ggml.model': { type: 'string', value: 'gemma4' },
    'tokenizer.ggml.pre': null,
    'tokenizer.ggml.tokens': { type: 'strings', value: all.map(([token]) => token) },
    'tokenizer.ggml.token_type': { type: 'int32s', value: all.map(([, type]) => type) },
    'tokenizer.ggml.merges': { type: 'strings', value: merges },
    'tokenizer.ggml.add_bos_token': { type: 'bool', value: true },
    'tokenizer.chat_template': {
      type: 'string',
      value: "{{- '<|turn>' + role + '\\n' }}{{- '<turn|>\\n' -}}",
    },
  };
}

const path = join(await temporaryFolder(), 'gemma4.gguf');
let model: NativeModel;

beforeAll(async () => {
  const shape = { ...shapes.brief, architecture: 'gemma4', layers: 4 } as const;
  await writeRandomModel(path, shape, 3, tokenizer());
  ({ model } = await loadModel(path));
});

afterAll(() => {
  model.dispose();
});

const plain = (text: string): number[] => [...model.tokenize(text, { special: false })];
const textOf = (tokens: readonly number[]): string =>
  Buffer.concat(tokens.map((token) => model.tokenBytes(token))).toString();

describe('a model with the tokenizer of Gemma 4', () => {
  it('is sound by its header', async () => {
    expect(await validateModel(path)).toMatchObject({ ok: true, model: { layers: 2 } });
  });

  it.each([
    'if (a) {\n\n    return "b";\n}\n',
    '\n\n\n\n\tx = 1 \n',
    'é 😀 return\r\n',
    ' <turn|> <|channel> <|tu<|turn>rn> <bos>\n',
    `a ${blank} b`,
  ])('reads the text %j to tokens that spell it', (text) => {
    expect(textOf(plain(text))).toBe(text.replaceAll(blank, ' '));
  });

  it('merges, and reads no control token out of a text', () => {
    expect(plain('  return')).toHaveLength(' |␣ret|u|r|n'.split('|').length);
    const controls = new Set([0, 1, 2, 3, 4, 5]);
    const found = plain('<bos><|turn>user\n<turn|><|channel>thought');
    expect(found.filter((token) => controls.has(token))).toEqual([]);
  });

  it('writes turns with its control tokens, behind the first one', () => {
    const chat = createChatFormat(model);
    expect([...chat.prologue.slice(0, 2)]).toEqual([2, 3]);
    const question = [...chat.question('if <turn|>?')];
    expect(question.filter((token) => token <= 4)).toEqual([3, 4, 3]);
    expect(textOf(question)).toContain('if <turn|>?');
  });
});
