/** Chat templates of model files as people and accidents write them: asked in some form, or refused. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toEngineError } from '../../extension/engine/core/errors.ts';
import type { NativeModel } from '../../extension/engine/native/contract.ts';
import { createChatFormat } from '../../extension/engine/prompt/chat-format.ts';
import type { GgufValue } from '../tools/gguf-writer.ts';
import { shapes, writeRandomModel } from '../tools/random-gguf.ts';
import { loadModel } from './support/bundled-model.ts';
import { temporaryFolder } from './support/folders.ts';

const path = join(await temporaryFolder(), 'model.gguf');
const question = 'What is retryLimit?';

/** What a model with such a template is asked with; or the code and the sentence of its refusal. */
async function asked(template: GgufValue): Promise<string> {
  await writeRandomModel(path, shapes.brief, 3, { 'tokenizer.chat_template': template });
  const { model } = await loadModel(path);
  try {
    const chat = createChatFormat(model);
    return textOf(model, [...chat.prologue, ...chat.question(question)]);
  } catch (error) {
    const { code, message } = toEngineError(error);
    return `${code}: ${message}`;
  } finally {
    model.dispose();
  }
}

function textOf(model: NativeModel, tokens: readonly number[]): string {
  return Buffer.concat(tokens.map((token) => model.tokenBytes(token))).toString();
}

const text = (value: string): GgufValue => ({ type: 'string', value });
const loop =
  '{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}';
const plain = `\n\nQuestion: ${question}\nAnswer:`;
const chatml = `user\n${question}`;

describe('a template of a known form', () => {
  it.each<[string, string, string]>([
    ['as it should be', loop, chatml],
    ['with a fault of syntax', `${loop}{% if %}{{ {% endfor`, chatml],
    ['that raises an exception', `{{ raise_exception('Not today.') }}${loop}`, chatml],
    ['that demands roles in turn', `{{ raise_exception('Roles must alternate') }}${loop}`, chatml],
    [
      'that demands a system message',
      `{% if messages[0].role != 'system' %}{{ raise_exception('System!') }}{% endif %}${loop}`,
      chatml,
    ],
    [
      'that ignores the turns of a user',
      loop.replace('{{ m.content }}', "{% if m.role != 'user' %}{{ m.content }}{% endif %}"),
      chatml,
    ],
    [
      'that says turns twice',
      loop.replace('{{ m.content }}', '{{ m.content }}{{ m.content }}'),
      chatml,
    ],
    ['that never ends', `{% for i in range(10 ** 12) %}{{ i }}{% endfor %}${loop}`, chatml],
    ['of half a megabyte', loop + ' '.repeat(500_000), chatml],
    ['by its name', 'chatml', chatml],
  ])('%s is asked by that form, and never run', async (_, template, expected) => {
    expect(await asked(text(template))).toContain(expected);
  });
});

describe('a template that says nothing', () => {
  it.each<[string, GgufValue]>([
    ['empty', text('')],
    ['blank', text(' \n\t')],
    ['ended by its first character', text('\0<|im_start|>')],
    ['a list', { type: 'strings', value: [loop] }],
  ])('%s: asked in plain text', async (_, template) => {
    expect(await asked(template)).toContain(plain);
  });
});

/** Parts of the templates of Gemma 4 and of two sizes of Laguna. */
const gemma4 = "{{- '<|turn>' + role + '\\n' }}{{- '<turn|>\\n' -}}";
const laguna = (line: string): string =>
  `{{- "<user>${line}" + content + "${line}</user>\\n" -}}{{- "</assistant>\\n" -}}`;

describe('a template of a form that llama.cpp does not list', () => {
  it.each<[string, string, string]>([
    ['Gemma 4', gemma4, `<|turn>user\n${question}<turn|>\n<|turn>model\n`],
    [
      'Gemma 4, which opens its thoughts unasked',
      `${gemma4}{{- '<|channel>thought\\n<channel|>' -}}`,
      `<|turn>user\n${question}<turn|>\n<|turn>model\n<|channel>thought\n<channel|>`,
    ],
    ['Laguna XS', laguna('\\n'), `<user>\n${question}\n</user>\n<assistant>\n</think>`],
    ['Laguna S', laguna(''), `<user>${question}</user>\n<assistant></think>`],
  ])('%s: asked by our form', async (_, template, expected) => {
    const found = await asked(text(template));
    expect(found.endsWith(expected)).toBe(true);
    expect(found).toContain('You answer questions about the repository.');
  });
});

describe('a template of no known form', () => {
  it.each<[string, GgufValue]>([
    ['without turns', text('Hello.')],
    ['of a fault alone', text('{% for')],
    ['of an exception alone', text("{{ raise_exception('Not today.') }}")],
    ['with other marks', text('{% for m in messages %}%%{{ m.content }}%%{% endfor %}')],
    ['endless', text('{% for i in range(10 ** 12) %}{{ i }}{% endfor %}')],
    ['a number', { type: 'uint32', value: 5 }],
    ['a truth', { type: 'bool', value: true }],
  ])('%s: refused in one sentence of ours', async (_, template) => {
    expect(await asked(template)).toMatch(
      /^model-unsupported: The chat template of [^\n]*model\.gguf is not one that Loci knows; choose another build of this model\.$/u,
    );
  });
});

/** The forms of llama.cpp, by their names. */
const names =
  'chatml llama2 llama2-sys llama2-sys-bos llama2-sys-strip mistral-v1 mistral-v3 mistral-v3-tekken ' +
  'mistral-v7 mistral-v7-tekken phi3 phi4 falcon3 zephyr monarch gemma orion openchat vicuna ' +
  'vicuna-orca deepseek deepseek2 deepseek3 command-r llama3 llama4 chatglm3 chatglm4 glmedge minicpm ' +
  'exaone3 exaone4 rwkv-world granite gigachat megrez yandex bailing bailing-think smolvlm hunyuan-moe ' +
  'hunyuan-dense gpt-oss kimi-k2 seed_oss grok-2';

describe('every form of llama.cpp', () => {
  it('keeps the question once', { timeout: 120_000 }, async () => {
    const answers = new Map<string, string>();
    for (const name of names.split(' ')) answers.set(name, await asked(text(name)));
    const lost = [...answers].filter(([, answer]) => answer.split(question).length !== 2);
    expect(lost).toEqual([]);
  });
});
