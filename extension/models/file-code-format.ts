/** A model file's format of code, from its header: the same that the loaded model has. */

import { alwaysControl } from './code-families.ts';
import type { CodeFormat } from './code-format.ts';
import { codeFormat } from './code-format.ts';
import type { GgufHeader } from './gguf-header.ts';
import { nextEditFamily } from './next-edit-families.ts';
import type { NextEditFamily } from './next-edit-families.ts';

/** Types of tokens: control, and user-defined as in many fine-tunes. */
const markTypes: readonly (number | undefined)[] = [3, 4];

/**
 * Returns how a model completes and tells files apart.
 * @param name the model's name and architecture
 */
export function fileCodeFormat(
  { metadata, marks }: Pick<GgufHeader, 'metadata' | 'marks'>,
  name: string,
): CodeFormat {
  const texts = new Map(Array.from(marks.tokens, ([text, token]) => [token, text]));
  const stated = (...parts: readonly string[]): number => {
    for (const part of parts) {
      const value = metadata.get(`tokenizer.ggml.${part}_token_id`);
      const text = value?.kind === 'number' ? texts.get(value.value) : undefined;
      if (value?.kind === 'number' && text !== undefined && !/unused|reserved/iu.test(text)) {
        return value.value;
      }
    }
    return -1;
  };
  // The longer names are llama.cpp's old ones, which it reads last.
  const declared = {
    prefix: stated('prefix', 'fim_pre'),
    suffix: stated('suffix', 'fim_suf'),
    middle: stated('middle', 'fim_mid'),
    repository: stated('fim_rep'),
    file: stated('fim_sep'),
  };
  const named = new Set([declared.prefix, declared.suffix, declared.middle]);
  return codeFormat({
    name,
    declared,
    tokenOf: (text) => {
      const token = marks.tokens.get(text) ?? -1;
      return named.has(token) ? token : controlTokenOf(marks, text);
    },
  });
}

/** Returns how a model predicts the next edit, by what its file calls it; null: it does not. */
export function fileNextEdit({
  metadata,
  marks,
}: Pick<GgufHeader, 'metadata' | 'marks'>): NextEditFamily | null {
  const names = ['name', 'basename', 'finetune'].flatMap((key) => {
    const value = metadata.get(`general.${key}`);
    return value?.kind === 'string' ? [value.value] : [];
  });
  return nextEditFamily(names, (text) => controlTokenOf(marks, text));
}

function controlTokenOf(marks: GgufHeader['marks'], text: string): number {
  const token = marks.tokens.get(text) ?? -1;
  return markTypes.includes(marks.types[token]) || alwaysControl.has(text) ? token : -1;
}
