/** Tiny models of random weights, whose vocabularies have the marks of families of code models. */

import { join } from 'node:path';
import type { NativeModel } from '../../../extension/engine/native/contract.ts';
import { createFormats } from '../../../extension/engine/prompt/formats.ts';
import { completionPrompt } from '../../../extension/engine/prompt/completion-prompt.ts';
import { PromptWindow } from '../../../extension/engine/prompt/prompt-window.ts';
import { bundledModelPath } from '../../../extension/models/bundled.ts';
import type { CodeFormat } from '../../../extension/models/code-format.ts';
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

/** A model, and what its file's header says of its format. */
export interface MarkedModelFile {
  readonly model: NativeModel;
  readonly code: CodeFormat;
}

/**
 * Writes and loads a model; the caller disposes of it.
 * @param stated names of metadata (`prefix` in `tokenizer.ggml.prefix_token_id`) for its first marks
 */
export async function markedModel(
  { name, marks }: Pick<MarkedFamily, 'name' | 'marks'>,
  kind: MarkKind = 'control',
  stated: readonly string[] = [],
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
  });
  const { model } = await loadModel(path);
  const validation = await validateModel(path);
  if (!validation.ok) throw new Error(validation.message);
  return { model, code: validation.model.code };
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
