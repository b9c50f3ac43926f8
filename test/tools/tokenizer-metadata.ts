import { readGgufFileInfo } from 'node-llama-cpp';
import { z } from 'zod';
import type { GgufValue } from './gguf-writer.ts';

/** The token types of GGUF; a padding token has no text. */
const unusedToken = 5;
const controlToken = 3;

const optionalId = z.number().int().optional();

const schema = z.object({
  chat_template: z.string(),
  ggml: z.object({
    model: z.string(),
    pre: z.string(),
    tokens: z.array(z.string()),
    token_type: z.array(z.number().int()),
    merges: z.array(z.string()),
    bos_token_id: optionalId,
    eos_token_id: optionalId,
    eot_token_id: optionalId,
    padding_token_id: optionalId,
    fim_pre_token_id: optionalId,
    fim_suf_token_id: optionalId,
    fim_mid_token_id: optionalId,
    fim_rep_token_id: optionalId,
    fim_sep_token_id: optionalId,
    fim_pad_token_id: optionalId,
    add_bos_token: z.boolean(),
    add_eos_token: z.boolean(),
    add_space_prefix: z.boolean(),
  }),
});

/** Reads the tokenizer and the chat template of a model file, to write them to another. */
export async function readTokenizer(path: string): Promise<Record<string, GgufValue>> {
  const info = await readGgufFileInfo(path, { readTensorInfo: false, sourceType: 'filesystem' });
  const { chat_template: template, ggml } = schema.parse(info.metadata.tokenizer);
  const result: Record<string, GgufValue> = {
    'tokenizer.chat_template': { type: 'string', value: template },
  };
  for (const [key, value] of Object.entries(ggml)) {
    if (value !== undefined) result[`tokenizer.ggml.${key}`] = toGgufValue(value);
  }
  return result;
}

/**
 * Adds tokens that no text produces until the vocabulary has the given size.
 * @throws RangeError if it is already larger.
 */
export function padTokenizer(
  tokenizer: Readonly<Record<string, GgufValue>>,
  vocabulary: number,
): Record<string, GgufValue> {
  const tokens = tokenizer['tokenizer.ggml.tokens'];
  const types = tokenizer['tokenizer.ggml.token_type'];
  if (tokens?.type !== 'strings' || types?.type !== 'int32s') throw new Error('No tokens.');
  const missing = vocabulary - tokens.value.length;
  if (missing < 0) throw new RangeError(`The tokenizer has ${String(tokens.value.length)} tokens.`);
  const padding = Array.from({ length: missing }, (_, index) => `[PAD${String(index)}]`);
  return {
    ...tokenizer,
    'tokenizer.ggml.tokens': { type: 'strings', value: [...tokens.value, ...padding] },
    'tokenizer.ggml.token_type': {
      type: 'int32s',
      value: [...types.value, ...padding.map(() => unusedToken)],
    },
  };
}

/** Returns the tokens of a tokenizer without text, including those that end a text. */
export function textlessTokens(tokenizer: Readonly<Record<string, GgufValue>>): number[] {
  const types = tokenizer['tokenizer.ggml.token_type'];
  if (types?.type !== 'int32s') throw new Error('No types of tokens.');
  return types.value.flatMap((type, token) =>
    type === controlToken || type === unusedToken ? [token] : [],
  );
}

function toGgufValue(value: string | number | boolean | string[] | number[]): GgufValue {
  if (typeof value === 'string') return { type: 'string', value };
  if (typeof value === 'number') return { type: 'uint32', value };
  if (typeof value === 'boolean') return { type: 'bool', value };
  const strings = value.filter((entry) => typeof entry === 'string');
  if (strings.length === value.length) return { type: 'strings', value: strings };
  return { type: 'int32s', value: value.filter((entry) => typeof entry === 'number') };
}
