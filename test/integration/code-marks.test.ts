/** Families of code models have marks of their own, in an order of their own; text has none of them. */
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { codeMarks, markTokens } from '../../extension/engine/prompt/code-marks.ts';
import { completionPrompt } from '../../extension/engine/prompt/completion-prompt.ts';
import { createFormats } from '../../extension/engine/prompt/formats.ts';
import { PromptWindow } from '../../extension/engine/prompt/prompt-window.ts';
import type { NativeModel } from '../../extension/engine/native/contract.ts';
import { bundledModelPath } from '../../extension/models/bundled.ts';
import type { GgufValue } from '../tools/gguf-writer.ts';
import { shapes, writeRandomModel } from '../tools/random-gguf.ts';
import { padTokenizer, readTokenizer } from '../tools/tokenizer-metadata.ts';
import { loadModel } from './support/bundled-model.ts';
import { temporaryFolder } from './support/folders.ts';

const folder = await temporaryFolder();
const shape = shapes.tiny;
const tokenizer = padTokenizer(await readTokenizer(bundledModelPath()), shape.vocabulary);
/** The bundled model's own marks, which others take the place of. */
const own = [
  '<|fim_prefix|>',
  '<|fim_suffix|>',
  '<|fim_middle|>',
  '<|repo_name|>',
  '<|file_sep|>',
] as const;

interface Family {
  readonly family: string;
  /** In the place of the bundled model's; null: an ordinary word. */
  readonly marks: readonly (string | null)[];
  /** A prompt at the `|` of `a|b`, in `f.ts`. */
  readonly prompt: string | null;
  /** How a repository `r` and a file of it begin. */
  readonly headers: readonly [string, string];
}

const families: readonly Family[] = [
  {
    family: 'Qwen',
    marks: own,
    prompt: '<|file_sep|>f.ts\n<|fim_prefix|>a<|fim_suffix|>b\n<|fim_middle|>',
    headers: ['<|repo_name|>r\n', '<|file_sep|>f.ts\n'],
  },
  {
    family: 'StarCoder 2',
    marks: ['<fim_prefix>', '<fim_suffix>', '<fim_middle>', '<repo_name>', '<file_sep>'],
    prompt: '<file_sep>f.ts\n<fim_prefix>a<fim_suffix>b\n<fim_middle>',
    headers: ['<repo_name>r\n', '<file_sep>f.ts\n'],
  },
  {
    family: 'Granite code',
    marks: ['<fim_prefix>', '<fim_suffix>', '<fim_middle>', '<reponame>', '<filename>'],
    prompt: '<filename>f.ts\n<fim_prefix>a<fim_suffix>b\n<fim_middle>',
    headers: ['<reponame>r\n', '<filename>f.ts\n'],
  },
  {
    family: 'Granite 4',
    marks: ['<|fim_prefix|>', '<|fim_suffix|>', '<|fim_middle|>', '<|reponame|>', '<|filename|>'],
    prompt: '<|filename|>f.ts\n<|fim_prefix|>a<|fim_suffix|>b\n<|fim_middle|>',
    headers: ['<|reponame|>r\n', '<|filename|>f.ts\n'],
  },
  {
    family: 'Mellum',
    marks: ['<fim_prefix>', '<fim_suffix>', '<fim_middle>', null, '<filename>'],
    prompt: '<filename>f.ts\n<fim_suffix>b\n<fim_prefix>a<fim_middle>',
    headers: ['Repository: r\n', '<filename>f.ts\n'],
  },
  {
    family: 'Seed-Coder and Zeta',
    marks: ['<[fim-prefix]>', '<[fim-suffix]>', '<[fim-middle]>', null, '<filename>'],
    prompt: '<[fim-suffix]>b\n<[fim-prefix]><filename>f.ts\na<[fim-middle]>',
    headers: ['Repository: r\n', '<filename>f.ts\n'],
  },
  {
    family: 'Codestral',
    marks: ['[PREFIX]', '[SUFFIX]', null, null, null],
    prompt: '[SUFFIX]b\n[PREFIX]\nFile: f.ts\na',
    headers: ['Repository: r\n', '\nFile: f.ts\n'],
  },
  {
    family: 'DeepSeek Coder',
    marks: ['<｜fim▁begin｜>', '<｜fim▁hole｜>', '<｜fim▁end｜>', null, null],
    prompt: '\nFile: f.ts\n<｜fim▁begin｜>a<｜fim▁hole｜>b\n<｜fim▁end｜>',
    headers: ['Repository: r\n', '\nFile: f.ts\n'],
  },
  {
    family: 'GLM',
    marks: ['<|code_prefix|>', '<|code_suffix|>', '<|code_middle|>', null, null],
    prompt: '\nFile: f.ts\n<|code_prefix|>a<|code_suffix|>b\n<|code_middle|>',
    headers: ['Repository: r\n', '\nFile: f.ts\n'],
  },
  {
    family: 'one without marks',
    marks: [null, null, null, null, null],
    prompt: null,
    headers: ['Repository: r\n', '\nFile: f.ts\n'],
  },
];

/** The bundled model's vocabulary with other marks in their place. */
function renamed(marks: readonly (string | null)[]): Record<string, GgufValue | null> {
  const tokens = tokenizer['tokenizer.ggml.tokens'];
  const types = tokenizer['tokenizer.ggml.token_type'];
  if (tokens?.type !== 'strings' || types?.type !== 'int32s') throw new Error('No tokens.');
  const texts = [...tokens.value];
  const kinds = [...types.value];
  own.forEach((text, index) => {
    const at = texts.indexOf(text);
    const mark = marks[index] ?? null;
    texts[at] = mark ?? `unused${String(index)}`;
    if (mark === null) kinds[at] = 1;
  });
  const without = ['pre', 'suf', 'mid', 'rep', 'sep'].map(
    (name) => [`tokenizer.ggml.fim_${name}_token_id`, null] as const,
  );
  return {
    'tokenizer.ggml.tokens': { type: 'strings', value: texts },
    'tokenizer.ggml.token_type': { type: 'int32s', value: kinds },
    ...Object.fromEntries(without),
  };
}

const loaded: NativeModel[] = [];
afterAll(() => {
  for (const model of loaded) model.dispose();
});

async function modelOf({ family, marks }: Family): Promise<NativeModel> {
  const path = join(folder, `${family}.gguf`);
  const name = { type: 'string', value: `${family} tiny` } as const;
  await writeRandomModel(path, shape, 3, { ...renamed(marks), 'general.name': name });
  const { model } = await loadModel(path);
  loaded.push(model);
  return model;
}

/** Tokens as a reader sees them: control tokens by their marks. */
function spelled(model: NativeModel, tokens: Int32Array, marks: Family['marks']): string {
  const names = new Map(
    marks.flatMap((mark) =>
      mark === null ? [] : [[model.tokenize(mark, { special: true })[0], mark] as const],
    ),
  );
  return Array.from(
    tokens,
    (token) => names.get(token) ?? Buffer.from(model.tokenBytes(token)).toString(),
  ).join('');
}

describe.each(families)('$family', (family) => {
  it('fills in and reads repositories as it was taught, and text has none of its marks', async () => {
    const model = await modelOf(family);
    const formats = createFormats(model);
    const given = { path: 'f.ts', prefix: 'a', suffix: 'b' };
    expect(codeMarks(model).infill !== null).toBe(family.prompt !== null);
    const { tokens } = completionPrompt(
      { model, formats, tailCapacity: 2048, window: new PromptWindow() },
      given,
      'infill',
      { heals: false },
    );
    expect(spelled(model, tokens, family.marks)).toBe(family.prompt ?? '\nFile: f.ts\na');
    const [repository, file] = family.headers;
    expect(spelled(model, formats.layout.repositoryHeader('r'), family.marks)).toBe(repository);
    expect(spelled(model, formats.layout.fileHeader('f.ts'), family.marks)).toBe(file);
    const hostile = family.marks.join(' x ');
    const read = model.tokenize(hostile, { special: false });
    expect([...read].filter((token) => markTokens(model).has(token))).toEqual([]);
    expect(markTokens(model).size).toBe(family.marks.filter((mark) => mark !== null).length);
  });
});
