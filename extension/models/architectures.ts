import type { RecurrentKind } from './recurrent.ts';

/**
 * Architectures in which every layer has one full-attention cache with movable keys, as built by
 * llama.cpp v0.5.0. `slidingWindow`: it attends through a window if the metadata state one; for the
 * others, llama.cpp ignores that key.
 */
const supported: ReadonlyMap<string, { readonly slidingWindow: boolean }> = new Map(
  [
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
    'mellum',
    'minicpm',
    'minimax-m2',
    'mistral3',
    'nemotron',
    'olmo',
    'olmo2',
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
  ].map((name) => [name, { slidingWindow: ['exaone4', 'mellum', 'olmo2'].includes(name) }]),
);

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
    'compresses its keys and values (MLA)',
    [
      'deepseek2',
      'deepseek2-ocr',
      'deepseek32',
      'deepseek4',
      'glm-dsa',
      'minicpm3',
      'mistral4',
      'plm',
    ],
  ],
  [
    'attends through sliding windows',
    [
      'afmoe',
      'cohere2',
      'cohere2moe',
      'exaone-moe',
      'gemma-embedding',
      'gemma2',
      'gemma3',
      'gemma3n',
      'gemma4',
      'gemma4-assistant',
      'gpt-oss',
      'granite_swa',
      'laguna',
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

export type ArchitectureVerdict =
  | {
      readonly supported: true;
      readonly slidingWindow: boolean;
      /** Whether Loci knows it; an unknown one is tried, and loading shows whether it works. */
      readonly known: boolean;
      /** The kind of the layers that do not attend; null if all attend. */
      readonly recurrent: RecurrentKind | null;
    }
  /** What the architecture does that the engine does not support, as the end of a sentence. */
  | { readonly supported: false; readonly reason: string };

/**
 * Whether the engine can run models of an architecture, by its name in `general.architecture`.
 * llama.cpp adds several a month, so a name that is neither known nor refused is tried: once
 * loaded, the shape of its graph and a comparison with llama.cpp's logits decide.
 */
export function judgeArchitecture(name: string): ArchitectureVerdict {
  const known = supported.get(name);
  if (known !== undefined) return { supported: true, known: true, recurrent: null, ...known };
  const recurrent = hybrids.get(name);
  if (recurrent !== undefined) {
    return { supported: true, known: true, slidingWindow: true, recurrent };
  }
  const reason = refusalOf.get(name);
  if (reason !== undefined) return { supported: false, reason };
  return { supported: true, known: false, slidingWindow: true, recurrent: null };
}
