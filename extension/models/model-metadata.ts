import { plainLine } from '../protocol/plain-text.ts';
import { ArchitectureKeys, UnsupportedModel } from './architecture-keys.ts';
import type { SupportedArchitecture } from './architectures.ts';
import { judgeArchitecture } from './architectures.ts';
import type { GgufHeader } from './gguf-header.ts';
import type { MetadataValue } from './gguf-metadata.ts';
import { InvalidGguf } from './gguf-reader.ts';
import type { AttentionLayers } from './attention-layers.ts';
import { attentionLayers } from './attention-layers.ts';
import type { CodeFormat } from './code-format.ts';
import { fileCodeFormat, fileNextEdit } from './file-code-format.ts';
import { latentSizes } from './latent.ts';
import type { LayerTable } from './layer-table.ts';
import { alikeLayers, chosenLayers } from './layer-table.ts';
import type { NextEditFamily } from './next-edit-families.ts';
import type { RecurrentKind } from './recurrent.ts';
import { recurrentLayers } from './recurrent.ts';
import { checkVocabulary } from './vocabulary.ts';

/** What a header says about its model. */
export interface HeaderModel {
  readonly architecture: string;
  /** Whether Loci knows the architecture; an unknown one is tried. */
  readonly known: boolean;
  readonly name: string;
  /** The layers that hold keys and values. */
  readonly table: LayerTable;
  /** Those of them that attend to all tokens. */
  readonly layers: number;
  /** All layers, including recurrent ones. */
  readonly graphLayers: number;
  /** Bytes of one state of the recurrent layers; 0 if there are none. */
  readonly stateBytes: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headSize: number;
  readonly embedding: number;
  /** The context length, in tokens, that the model was trained for. */
  readonly trainedContext: number;
  readonly vocabulary: number;
  readonly chatTemplate: string | null;
  /** How it completes, and how it tells files apart. */
  readonly code: CodeFormat;
  /** How it predicts the next edit; null: it was not trained to. */
  readonly nextEdit: NextEditFamily | null;
}

/** The most characters shown of a model's name. */
const longestName = 80;

/** A chat template is searched once per token; real ones are many times shorter than this. */
const longestTemplate = 512 * 1024;

function stringOf(value: MetadataValue | undefined): string | null {
  return value?.kind === 'string' ? value.value : null;
}

/** @throws UnsupportedModel for layers whose keys and values the engine cannot keep */
function checkAttention(
  keys: ArchitectureKeys,
  { windows, recurrent, latent }: SupportedArchitecture,
): void {
  if (!latent && keys.largest('attention.kv_lora_rank') > 0) {
    throw keys.unsupported('compresses its keys and values (MLA)');
  }
  if (windows === 'refused' && keys.largest('attention.sliding_window') > 0) {
    throw keys.unsupported('attends through sliding windows');
  }
  if (recurrent === null && (keys.has('ssm.') || keys.has('wkv.'))) {
    throw keys.unsupported('has recurrent layers');
  }
  const causal = keys.get('attention.causal');
  if (causal?.kind === 'boolean' && !causal.value) {
    throw keys.unsupported('also attends to later tokens');
  }
}

/** Architectures that rotate by several positions, whatever their metadata say. */
const severalPositions = new Set([
  'hunyuan_vl',
  'paddleocr',
  'qwen2vl',
  'qwen35',
  'qwen35moe',
  'qwen3vl',
  'qwen3vlmoe',
]);

/** llama.cpp aborts the process if sections do not fit the head. @throws InvalidGguf for those */
function checkSections(keys: ArchitectureKeys, architecture: string, headSize: number): void {
  const value = keys.get('rope.dimension_sections');
  const sections = value?.kind === 'array' ? value.values : undefined;
  if (value === undefined && !severalPositions.has(architecture)) return;
  const sum = (sections ?? []).reduce((total, section) => total + section, 0);
  const [first = 0, second = 0, third = 0] = sections ?? [];
  const unused = sum === 0 && !severalPositions.has(architecture);
  const sound =
    sections?.every((section) => Number.isInteger(section) && section >= 0) === true &&
    (unused || first + second + third > 0) &&
    sum <= headSize;
  if (!sound) {
    throw new InvalidGguf(`${architecture}.rope.dimension_sections does not match its heads`);
  }
}

/**
 * llama.cpp aborts the process for a gate that is neither of heads nor of all their values.
 * @throws InvalidGguf for one
 */
function checkGates(
  { tensors }: GgufHeader,
  keys: ArchitectureKeys,
  { layers, headSize }: { readonly layers: number; readonly headSize: number },
): void {
  keys.countOfEach('attention.head_count', layers)?.forEach((heads, layer) => {
    const gates = tensors.get(`blk.${String(layer)}.attn_gate.weight`)?.shape[1];
    if (gates !== undefined && gates !== heads && gates !== heads * headSize) {
      throw new InvalidGguf(`layer ${String(layer)} has ${String(gates)} gates for its heads`);
    }
  });
}

/**
 * The layers that llama.cpp runs: multi-token prediction (MTP) layers come last and are excluded.
 */
function layersOf(keys: ArchitectureKeys, architecture: string): number {
  const all = keys.required('block_count');
  const predicting = keys.largest('nextn_predict_layers');
  if (!Number.isInteger(predicting) || predicting < 0 || predicting >= all) {
    throw new InvalidGguf(
      `${architecture}.nextn_predict_layers is ${String(predicting)} of ${String(all)} layers`,
    );
  }
  return all - predicting;
}

/** The size of a head of the layers that attend to all tokens. */
function headSizeOf(keys: ArchitectureKeys, embedding: number): number {
  const valueLength = keys.largest('attention.value_length');
  const headSize = keys.count('attention.key_length') ?? widthOfHeads(keys, embedding);
  if (valueLength > 0 && valueLength !== headSize) {
    throw keys.unsupported('has keys and values of different sizes');
  }
  return headSize;
}

function widthOfHeads(keys: ArchitectureKeys, embedding: number): number {
  const heads = keys.required('attention.head_count');
  if (embedding % heads === 0) return embedding / heads;
  throw new InvalidGguf(`${String(heads)} heads do not divide its width of ${String(embedding)}`);
}

/** The attention layers of a model that has recurrent layers as well. */
function mixedLayers(
  keys: ArchitectureKeys,
  recurrent: RecurrentKind,
  model: { readonly layers: number; readonly embedding: number; readonly headSize: number },
): AttentionLayers & { readonly stateBytes: number } {
  const heads = keys.required('attention.head_count');
  const kvHeads = keys.count('attention.head_count_kv', true) ?? heads;
  if (heads % kvHeads !== 0) {
    throw new InvalidGguf(`${String(heads)} heads do not share ${String(kvHeads)} KV heads evenly`);
  }
  const queries = heads * model.headSize;
  const { attending, stateBytes } = recurrentLayers(keys, recurrent, { ...model, queries });
  return { table: alikeLayers(attending, kvHeads, model.headSize), heads, kvHeads, stateBytes };
}

/** The stretching factors of Long-RoPE models apply only beyond the original context. */
function trainedContextOf(keys: ArchitectureKeys): number {
  const context = keys.required('context_length');
  const original = keys.largest('rope.scaling.original_context_length');
  return stringOf(keys.get('rope.scaling.type')) === 'longrope' && original >= 1
    ? Math.min(context, original)
    : context;
}

function vocabularyOf(header: GgufHeader, embedding: number): number {
  const tokens = checkVocabulary(header.metadata);
  const matrix = header.tensors.get('token_embd.weight');
  if (matrix !== undefined && (matrix.shape[0] !== embedding || matrix.shape[1] !== tokens)) {
    throw new InvalidGguf('its embeddings do not match its vocabulary');
  }
  return tokens;
}

/** The model's own name if it is displayable, else the file's. */
function nameOf(metadata: GgufHeader['metadata'], fileName: string): string {
  const name = plainLine(stringOf(metadata.get('general.name')) ?? '', longestName);
  return name.replaceAll('\uFFFD', '').trim() === '' ? plainLine(fileName, longestName) : name;
}

function templateOf(metadata: GgufHeader['metadata']): string | null {
  const template = stringOf(metadata.get('tokenizer.chat_template'));
  if (template === null || template.length <= longestTemplate) return template;
  throw new InvalidGguf(
    `its chat template has ${String(template.length)} characters, but the limit is ${String(longestTemplate)}`,
  );
}

/**
 * Evaluates a header that is valid GGUF.
 * @throws UnsupportedModel, or InvalidGguf for contradictory metadata
 */
export function readModelMetadata(header: GgufHeader, fileName: string): HeaderModel {
  const { metadata } = header;
  const architecture = stringOf(metadata.get('general.architecture'));
  if (architecture === null || !/^[a-z0-9_.-]{1,64}$/i.test(architecture)) {
    throw new InvalidGguf('it names no architecture');
  }
  const type = stringOf(metadata.get('general.type'));
  if (type !== null && type !== 'model') {
    throw new UnsupportedModel(
      `${architecture}, belongs to a part of a model (${type.slice(0, 32)})`,
    );
  }
  const verdict = judgeArchitecture(architecture);
  if (!verdict.supported) {
    throw new UnsupportedModel(`${architecture}, ${verdict.reason}`);
  }
  const keys = new ArchitectureKeys(metadata, architecture);
  const { recurrent, windows, latent } = verdict;
  checkAttention(keys, verdict);
  const embedding = keys.required('embedding_length');
  const { headSize, ...sizes } = latent
    ? latentSizes(keys)
    : { headSize: headSizeOf(keys, embedding) };
  checkSections(keys, architecture, headSize);
  if (header.tensors.has('position_embd.weight')) {
    throw keys.unsupported('adds a vector for the position to each token');
  }
  const layers = layersOf(keys, architecture);
  if (architecture === 'laguna') checkGates(header, keys, { layers, headSize });
  const { table, heads, kvHeads, stateBytes } =
    recurrent === null
      ? { ...attentionLayers(keys, windows, { layers, headSize, ...sizes }), stateBytes: 0 }
      : mixedLayers(keys, recurrent, { layers, embedding, headSize });
  const chosen = chosenLayers(table).length;
  if (chosen === 0) throw keys.unsupported('shares the keys and values of no layer');
  return {
    architecture,
    known: verdict.known,
    name: nameOf(metadata, fileName),
    table,
    layers: chosen,
    graphLayers: layers,
    stateBytes,
    heads,
    kvHeads,
    headSize,
    embedding,
    trainedContext: trainedContextOf(keys),
    vocabulary: vocabularyOf(header, embedding),
    chatTemplate: templateOf(metadata),
    code: fileCodeFormat(header, `${stringOf(metadata.get('general.name')) ?? ''} ${architecture}`),
    nextEdit: fileNextEdit(header),
  };
}
