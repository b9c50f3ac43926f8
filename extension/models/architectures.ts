import type { RecurrentKind } from './recurrent.ts';

/**
 * What happens to a sliding window stated in the metadata: `ignored` if the architecture attends to
 * all tokens nevertheless, `refused`, or a pattern (native-kernels/model/layer_table.cpp has the same).
 */
export type Windows = 'ignored' | 'refused' | WindowPattern;

/**
 * Which layers attend to all tokens where the metadata do not say which: the last of n layers, or the
 * first of n. `listed`: the metadata must say it.
 */
export type WindowPattern = 'listed' | { readonly lastOf: number } | { readonly firstOf: number };

/**
 * Architectures whose every layer attends to all tokens and has keys that can be moved, as
 * llama.cpp v0.5.0 builds them.
 */
const alike: readonly string[] = [
  'apertus',
  'arcee',
  'arctic',
  'bailingmoe',
  'bitnet',
  'chatglm',
  'codeshell',
  'command-r',
  'dbrx',
  'deepseek',
  'dots1',
  'ernie4_5',
  'ernie4_5-moe',
  'exaone',
  'exaone4',
  'falcon',
  'gemma',
  'glm4',
  'gptneox',
  'granite',
  'granitemoe',
  'grok',
  'grovemoe',
  'hunyuan-dense',
  'hunyuan-moe',
  'hunyuan_vl',
  'internlm2',
  'jais2',
  'llama',
  'maincoder',
  'minicpm',
  'minimax-m2',
  'mistral3',
  'nemotron',
  'olmo',
  'olmoe',
  'orion',
  'paddleocr',
  'pangu-embedded',
  'phi2',
  'phi3',
  'phimoe',
  'plamo',
  'qwen',
  'qwen2',
  'qwen2moe',
  'qwen2vl',
  'qwen3',
  'qwen3moe',
  'qwen3vl',
  'qwen3vlmoe',
  'seed_oss',
  'smollm3',
  'stablelm',
  'starcoder2',
  'xverse',
];

/**
 * Architectures of which some layers attend through a window, if the metadata have one: those of which
 * a model of random weights is tested (test/tools/window-families.ts, gemma4-families.ts).
 */
const windowed: ReadonlyMap<string, WindowPattern> = new Map<string, WindowPattern>([
  ['gemma2', { lastOf: 2 }],
  ['gemma3', { lastOf: 6 }],
  ['gemma4', 'listed'],
  ['gpt-oss', { lastOf: 2 }],
  ['laguna', { firstOf: 4 }],
  ['mellum', { lastOf: 4 }],
  ['olmo2', { lastOf: 4 }],
]);

/**
 * Architectures whose layers compress keys and values (MLA): models of random weights are tested
 * (test/tools/latent-families.ts).
 */
const latent: ReadonlySet<string> = new Set(['deepseek2']);

/** Those of `alike` that attend through a window where the metadata have one, in a way that is not tested. */
const untestedWindows: ReadonlySet<string> = new Set(['exaone4']);

/**
 * Architectures that mix such layers with recurrent ones, whose state llama.cpp holds. Each is
 * tested with a model of random weights (test/tools/hybrid-families.ts).
 */
const hybrids: ReadonlyMap<string, RecurrentKind> = new Map([
  ['granitehybrid', 'mamba2-double'],
  ['jamba', 'mamba'],
  ['lfm2', 'short-convolution'],
  ['lfm2moe', 'short-convolution'],
  ['nemotron_h', 'mamba2'],
  ['nemotron_h_moe', 'mamba2'],
  ['qwen35', 'delta-net'],
  ['qwen35moe', 'delta-net'],
  ['qwen3next', 'delta-net'],
]);

const refusals: readonly (readonly [reason: string, names: readonly string[]])[] = [
  ['is recurrent', ['mamba', 'mamba2', 'rwkv6', 'rwkv6qwen2', 'rwkv7', 'arwkv7']],
  [
    'mixes attention with recurrent layers in a way that Loci does not know',
    ['bailingmoe3', 'falcon-h1', 'kimi-k3', 'kimi-linear', 'minimax-01', 'plamo2', 'qwen4exp'],
  ],
  [
    'compresses its keys and values (MLA) in a way that Loci does not know',
    ['deepseek2-ocr', 'deepseek32', 'deepseek4', 'glm-dsa', 'minicpm3', 'mistral4', 'plm'],
  ],
  [
    'attends through sliding windows',
    [
      'afmoe',
      'cohere2',
      'cohere2moe',
      'exaone-moe',
      'gemma-embedding',
      'gemma3n',
      'gemma4-assistant',
      'granite_swa',
      'llama4',
      'mimo2',
      'plamo3',
      'smallthinker',
      'step35',
    ],
  ],
  [
    'is an encoder',
    [
      'bert',
      'clip',
      'eurobert',
      'jina-bert-v2',
      'jina-bert-v3',
      'llama-embed',
      'modern-bert',
      'neo-bert',
      'nomic-bert',
      'nomic-bert-moe',
      't5',
      't5encoder',
    ],
  ],
  ['generates by diffusion', ['dream', 'llada', 'llada-moe', 'rnd1']],
  ['adds a bias by distance (ALiBi)', ['bloom', 'jais', 'mpt', 'refact']],
  ['adds a vector for the position to each token', ['gpt2', 'starcoder']],
];

const refusalOf: ReadonlyMap<string, string> = new Map(
  refusals.flatMap(([reason, names]) => names.map((name) => [name, reason] as const)),
);

export interface SupportedArchitecture {
  readonly supported: true;
  readonly windows: Windows;
  /** Whether Loci knows it; another one is tried, and loading it says whether it can be used. */
  readonly known: boolean;
  /** What those layers are that do not attend; null: all do. */
  readonly recurrent: RecurrentKind | null;
  /** Whether keys and values are compressed (MLA). */
  readonly latent: boolean;
}

export type ArchitectureVerdict =
  | SupportedArchitecture
  /** What the architecture does that the engine cannot, as the end of a sentence. */
  | { readonly supported: false; readonly reason: string };

/**
 * Whether the engine can run models of an architecture, by its name in `general.architecture`.
 * llama.cpp adds several a month, so a name that is neither known nor refused is tried: once
 * loaded, the shape of its graph and a comparison with llama.cpp's logits decide.
 */
export function judgeArchitecture(name: string): ArchitectureVerdict {
  const reason = refusalOf.get(name);
  if (reason !== undefined) return { supported: false, reason };
  const pattern = windowed.get(name);
  const recurrent = hybrids.get(name) ?? null;
  const full = alike.includes(name);
  return {
    supported: true,
    windows: pattern ?? (full && !untestedWindows.has(name) ? 'ignored' : 'refused'),
    known: full || latent.has(name) || pattern !== undefined || recurrent !== null,
    recurrent,
    latent: latent.has(name),
  };
}
