/**
 * Checks the tokenizer of a header. On most of these defects, llama.cpp fails an assertion, which
 * aborts the process, or reads past the end of an array.
 */

import type { MetadataValue } from './gguf-metadata.ts';
import { InvalidGguf } from './gguf-reader.ts';
import { valueType } from './gguf-types.ts';

type Metadata = ReadonlyMap<string, MetadataValue>;

/** Kinds of tokenizer by llama.cpp's name, and whether they are built from a list of merges. */
const tokenizers: ReadonlyMap<string, { readonly merges: boolean }> = new Map([
  ['llama', { merges: false }],
  ['gpt2', { merges: true }],
  ['gemma4', { merges: true }],
]);

/**
 * Checks the vocabulary and returns its number of tokens.
 * @throws InvalidGguf
 */
export function checkVocabulary(metadata: Metadata): number {
  const tokens = metadata.get('tokenizer.ggml.tokens');
  if (tokens?.kind !== 'array' || tokens.length === 0)
    throw new InvalidGguf('it has no vocabulary');
  if (tokens.type !== valueType.string) throw new InvalidGguf('its tokens are not text');
  checkKind(metadata);
  checkPerToken(metadata, 'scores', tokens.length, [valueType.float32]);
  checkPerToken(metadata, 'token_type', tokens.length, [valueType.int32, valueType.uint32]);
  return tokens.length;
}

function checkKind(metadata: Metadata): void {
  const model = metadata.get('tokenizer.ggml.model');
  const name = model?.kind === 'string' ? model.value : null;
  if (name === null || name === 'none' || name === 'no_vocab') {
    throw new InvalidGguf('it has no tokenizer');
  }
  const kind = tokenizers.get(name);
  if (kind === undefined) {
    throw new InvalidGguf(
      `its tokenizer is unknown; Loci supports ${[...tokenizers.keys()].join(', ')}`,
    );
  }
  const merges = metadata.get('tokenizer.ggml.merges');
  if (kind.merges && (merges?.kind !== 'array' || merges.type !== valueType.string)) {
    throw new InvalidGguf('its tokenizer has no list of merges');
  }
}

/** Checks an array that llama.cpp indexes by token without checking its length or type. */
function checkPerToken(
  metadata: Metadata,
  name: string,
  tokens: number,
  types: readonly number[],
): void {
  const value = metadata.get(`tokenizer.ggml.${name}`);
  if (value === undefined) return;
  if (value.kind !== 'array' || !types.includes(value.type)) {
    throw new InvalidGguf(`tokenizer.ggml.${name} is not an array of the right type`);
  }
  if (value.length !== tokens) {
    throw new InvalidGguf(
      `tokenizer.ggml.${name} has ${String(value.length)} values for ${String(tokens)} tokens`,
    );
  }
}
