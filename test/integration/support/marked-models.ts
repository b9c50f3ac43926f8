/** Tiny models of random weights, whose vocabularies have the marks of families of code models. */

import { join } from 'node:path';
import type { NativeModel } from '../../../extension/engine/native/contract.ts';
import { createFormats } from '../../../extension/engine/prompt/formats.ts';
import { completionPrompt } from '../../../extension/engine/prompt/completion-prompt.ts';
import { PromptWindow } from '../../../extension/engine/prompt/prompt-window.ts';
import { bundledModelPath } from '../../../extension/models/bundled.ts';
import type { CodeFormat } from '../../../extension/models/code-format.ts';
import type { NextEditFamily } from '../../../extension/models/next-edit-families.ts';
import { validateModel } from '../../../extension/models/validate.ts';
import { bundledMarks } from '../../fixtures/marked-families.ts';
import type { MarkedFamily } from '../../fixtures/marked-families.ts';
import type { GgufValue } from '../../tools/gguf-writer.ts';
import { shapes, writeRandomModel } from '../../tools/random-gguf.ts';
import { padTokenizer, readTokenizer } from '../../tools/tokenizer-metadata.ts';
import { loadModel } from './bundled-model.ts';
import { temporaryFolder } from './folders.ts';

/** How a file lists its marks: as control tokens, as user-defined ones, or as any others. */
const types = { control: 3, 'user-defined': 4, ordinary: 1 } as const;
export type MarkKind = keyof typeof types;

const folder = await temporaryFolder();
const shape = shapes.brief;
const tokenizer = padTokenizer(await readTokenizer(bundledModelPath()), shape.vocabulary);
const [allTokens, allTypes] = ['tokens', 'token_type'].map(
  (key) => tokenizer[`tokenizer.ggml.${key}`],
);

/** The places of the bundled model's marks, which others take. */
const places = bundledMarks.map((text) =>
  allTokens?.type === 'strings' ? allTokens.value.indexOf(text) : -1,
);

/** The bundled model's vocabulary with other marks in their place. */
function renamed(
  marks: readonly (string | null)[],
  type: number,
): Record<string, GgufValue | null> {
  if (allTokens?.type !== 'strings' || allTypes?.type !== 'int32s') throw new Error('No tokens.');
  const texts = [...allTokens.value];
  const kinds = [...allTypes.value];
  for (const [index, at] of places.entries()) {
    const mark = marks[index] ?? null;
    texts[at] = mark ?? `unused${String(index)}`;
    kinds[at] = mark === null ? 1 : type;
  }
  const without = ['pre', 'suf', 'mid', 'rep', 'sep'].map(
    (name) => [`tokenizer.ggml.fim_${name}_token_id`, null] as const,
  );
  return {
    'tokenizer.ggml.tokens': { type: 'strings', value: texts },
    'tokenizer.ggml.token_type': { type: 'int32s', value: kinds },
    ...Object.fromEntries(without),
  };
}

/** A vocabulary of characters and bytes that puts a blank before every text, with these marks. */
export function sentencePieces(marks: readonly string[]): Record<string, GgufValue> {
  const letters = Array.from({ length: 95 }, (_, index) => String.fromCodePoint(32 + index));
  const pieces = ['▁', ...letters.slice(1)];
  const bytes = Array.from(
    { length: 256 },
    (_, index) => `<0x${index.toString(16).toUpperCase().padStart(2, '0')}>`,
  );
  const texts = ['<unk>', '<s>', '</s>', ...bytes, ...pieces, ...marks];
  const kinds = [2, 3, 3, ...bytes.map(() => 6), ...pieces.map(() => 1), ...marks.map(() => 3)];
  const rest = Array.from(
    { length: shape.vocabulary - texts.length },
    (_, at) => `[PAD${String(at)}]`,
  );
  return {
    'tokenizer.ggml.model': { type: 'string', value: 'llama' },
    'tokenizer.ggml.pre': { type: 'string', value: 'default' },
    'tokenizer.ggml.add_space_prefix': { type: 'bool', value: true },
    'tokenizer.ggml.bos_token_id': { type: 'uint32', value: 1 },
    'tokenizer.ggml.eos_token_id': { type: 'uint32', value: 2 },
    'tokenizer.ggml.tokens': { type: 'strings', value: [...texts, ...rest] },
    'tokenizer.ggml.token_type': { type: 'int32s', value: [...kinds, ...rest.map(() => 5)] },
  };
}

/** A model, and what its file's header says of its format. */
export interface MarkedModelFile {
  readonly model: NativeModel;
  readonly code: CodeFormat;
  readonly nextEdit: NextEditFamily | null;
}

/**
 * Writes and loads a model; the caller disposes of it.
 * @param vocabulary metadata of another tokenizer, in place of the bundled model's
 * @param stated names of metadata (`prefix` in `tokenizer.ggml.prefix_token_id`) for its first marks
 */
export async function markedModel(
  { name, marks }: Pick<MarkedFamily, 'name' | 'marks'>,
  kind: MarkKind = 'control',
  stated: readonly string[] = [],
  vocabulary: Readonly<Record<string, GgufValue>> = {},
): Promise<MarkedModelFile> {
  const path = join(folder, 'model.gguf');
  const metadata = Object.fromEntries(
    stated.map((key, index) => [
      `tokenizer.ggml.${key}_token_id`,
      { type: 'uint32', value: places[index] ?? -1 } as const,
    ]),
  );
  await writeRandomModel(path, shape, 3, {
    ...renamed(marks, types[kind]),
    'general.name': { type: 'string', value: `${name} tiny` },
    ...metadata,
    ...vocabulary,
  });
  const { model } = await loadModel(path);
  const validation = await validateModel(path);
  if (!validation.ok) throw new Error(validation.message);
  const { code, nextEdit } = validation.model;
  return { model, code, nextEdit };
}

/** Returns the prompt of a completion in a file, with FIM tokens where the model has them. */
export function promptAt(
  model: NativeModel,
  { prefix, suffix, path = 'f.ts' }: { prefix: string; suffix: string; path?: string },
): Int32Array {
  const formats = createFormats(model);
  const target = { model, formats, tailCapacity: 2048, window: new PromptWindow() };
  return completionPrompt(target, { path, prefix, suffix }, 'infill', { heals: false }).tokens;
}
