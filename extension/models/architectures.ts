/**
 * Architectures whose every layer has one full-attention cache and rotates its keys, as llama.cpp
 * v0.5.0 builds them. `slidingWindow`: it attends through a window where the metadata has one; the
 * others carry that key at most for other programs.
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
    'pangu-embedded',
    'phi2',
    'phi3',
    'phimoe',
    'plamo',
    'qwen',
    'qwen2',
    'qwen2moe',
    'qwen3',
    'qwen3moe',
    'seed_oss',
    'stablelm',
    'starcoder2',
    'xverse',
  ].map((name) => [name, { slidingWindow: name === 'olmo2' || name === 'mellum' }]),
);

const refusals: readonly (readonly [reason: string, names: readonly string[]])[] = [
  ['is recurrent', ['mamba', 'mamba2', 'rwkv6', 'rwkv6qwen2', 'rwkv7', 'arwkv7']],
  [
    'mixes attention with recurrent layers',
    [
      'bailingmoe3',
      'falcon-h1',
      'granitehybrid',
      'jamba',
      'kimi-k3',
      'kimi-linear',
      'lfm2',
      'lfm2moe',
      'minimax-01',
      'nemotron_h',
      'nemotron_h_moe',
      'plamo2',
      'qwen35',
      'qwen35moe',
      'qwen3next',
      'qwen4exp',
    ],
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
      'exaone4',
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
    'rotates positions of several dimensions (M-RoPE)',
    ['hunyuan_vl', 'paddleocr', 'qwen2vl', 'qwen3vl', 'qwen3vlmoe'],
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
  [
    'does not rotate the keys of every layer',
    ['baichuan', 'bloom', 'gpt2', 'gptj', 'jais', 'mpt', 'refact', 'smollm3', 'starcoder'],
  ],
];

const refusalOf: ReadonlyMap<string, string> = new Map(
  refusals.flatMap(([reason, names]) => names.map((name) => [name, reason] as const)),
);

export type ArchitectureVerdict =
  | { readonly supported: true; readonly slidingWindow: boolean }
  /** What the architecture does that the engine cannot, as the end of a sentence. */
  | { readonly supported: false; readonly reason: string };

/** Whether the engine can run models of an architecture, by the name in `general.architecture`. */
export function judgeArchitecture(name: string): ArchitectureVerdict {
  const known = supported.get(name);
  if (known !== undefined) {
    return { supported: true, ...known };
  }
  return { supported: false, reason: refusalOf.get(name) ?? 'is not one that Loci knows' };
}
