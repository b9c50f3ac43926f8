/**
 * How families of code models were taught to fill in the middle of a file, and to tell files apart:
 * one row a family. Marks are the texts of tokens of the vocabulary. llama.cpp's own table lacks
 * several families, and says nothing of the order.
 */

/** The marks before a repository's name and a file's path. */
export interface FileMarks {
  /** null: plain text, as the family has no such token. */
  readonly repository: string | null;
  readonly file: string;
}

/** How a family completes between two texts. */
export interface CodeFamily {
  readonly name: string;
  readonly prefix: string;
  readonly suffix: string;
  /** Starts the middle; null if the middle follows the prefix directly. */
  readonly middle: string | null;
  /** Which side of the cursor comes first. */
  readonly order: 'prefix-first' | 'suffix-first';
  /**
   * Where the file's header stands: before everything, at the start of the prefix, or with its mark
   * before the prefix's and the path after it.
   */
  readonly header: 'first' | 'in-prefix' | 'around-prefix';
  /** A vocabulary must have these for the row; null: no marks of files. */
  readonly files: FileMarks | null;
  /** What stands before a path in plain text, if the model has no mark for it. */
  readonly heading?: string;
  /** Tokens that end a completion, beside the marks and the end of a text. */
  readonly ends: readonly string[];
  /** A pattern of the model's name, where another family has the same tokens. */
  readonly models?: RegExp;
}

const star = { prefix: '<fim_prefix>', suffix: '<fim_suffix>', middle: '<fim_middle>' } as const;
const bars = {
  ...{ prefix: '<|fim_prefix|>', suffix: '<|fim_suffix|>', middle: '<|fim_middle|>' },
} as const;
const prefixFirst = { order: 'prefix-first', header: 'first' } as const;

/** Looked up in this order; the first row whose tokens a vocabulary has applies. */
export const codeFamilies: readonly CodeFamily[] = [
  {
    // The README of Qwen2.5-Coder, "Repository Level Code Completion"; also Qwen3-Coder.
    name: 'Qwen Coder',
    ...bars,
    ...prefixFirst,
    files: { repository: '<|repo_name|>', file: '<|file_sep|>' },
    ends: ['<|endoftext|>', '<|fim_pad|>', '<|im_end|>'],
  },
  {
    // The tokenizer of Granite 4.0 and its model card, "Fill-in-the-Middle code completions".
    name: 'Granite 4',
    ...bars,
    ...prefixFirst,
    files: { repository: '<|reponame|>', file: '<|filename|>' },
    ends: ['<|end_of_text|>', '<|fim_pad|>'],
  },
  {
    // arXiv:2406.11409: in its example the path stands before the prefix. Gemma's documentation,
    // "CodeGemma formatting".
    name: 'CodeGemma',
    ...bars,
    ...prefixFirst,
    files: { repository: null, file: '<|file_separator|>' },
    ends: ['<eos>', '<end_of_turn>'],
  },
  {
    // arXiv:2506.03524, section 2.2; Zeta, based on it, begins the prefix with the file's name
    // (crates/zeta_prompt of Zed).
    name: 'Seed-Coder',
    ...{ prefix: '<[fim-prefix]>', suffix: '<[fim-suffix]>', middle: '<[fim-middle]>' },
    ...{ order: 'suffix-first', header: 'in-prefix' },
    files: null,
    ends: ['<[end▁of▁sentence]>'],
  },
  {
    // The card of JetBrains/Mellum-4b-base and arXiv:2510.05788: StarCoder's tokens, suffix first.
    name: 'Mellum',
    ...star,
    ...{ order: 'suffix-first', header: 'first' },
    files: { repository: null, file: '<filename>' },
    ends: ['<|endoftext|>', '<fim_pad>'],
    models: /mellum/iu,
  },
  {
    // arXiv:2402.19173, section 5.1: `<file_sep><fim_prefix>path`.
    name: 'StarCoder 2',
    ...star,
    ...{ order: 'prefix-first', header: 'around-prefix' },
    files: { repository: '<repo_name>', file: '<file_sep>' },
    ends: ['<|endoftext|>', '<fim_pad>'],
  },
  {
    // The README of CodeQwen1.5, "Repository Level Code Completion".
    name: 'CodeQwen',
    ...star,
    ...prefixFirst,
    files: { repository: '<reponame>', file: '<file_sep>' },
    ends: ['<|endoftext|>', '<fim_pad>'],
  },
  {
    // arXiv:2305.06161, section 5.1; Granite's code models and Granite 3.3 (llama.cpp#12988).
    name: 'StarCoder and Granite Code',
    ...star,
    ...prefixFirst,
    files: { repository: '<reponame>', file: '<filename>' },
    ends: ['<|endoftext|>', '<fim_pad>'],
  },
  {
    // The README of DeepSeek-Coder, "Code Insertion" and "Repository Level Code Completion", where
    // `#path` begins a file; DeepSeek-Coder-V2 has the same tokens.
    name: 'DeepSeek-Coder',
    ...{ prefix: '<｜fim▁begin｜>', suffix: '<｜fim▁hole｜>', middle: '<｜fim▁end｜>' },
    ...{ order: 'prefix-first', header: 'in-prefix' },
    files: null,
    heading: '#',
    ends: ['<｜end▁of▁sentence｜>', '<|EOT|>'],
  },
  {
    // encode_fim of mistral-common: suffix, prefix, and no third token. The plain `+++++ path` is
    // from Continue's template for Codestral.
    name: 'Codestral',
    ...{ prefix: '[PREFIX]', suffix: '[SUFFIX]', middle: null },
    ...{ order: 'suffix-first', header: 'in-prefix' },
    files: null,
    heading: '+++++ ',
    ends: ['</s>'],
  },
  {
    // arXiv:2308.12950, section 2.3; infilling_prompt_tokens of facebookresearch/codellama.
    name: 'CodeLlama',
    ...{ prefix: '▁<PRE>', suffix: '▁<SUF>', middle: '▁<MID>' },
    ...prefixFirst,
    files: null,
    ends: ['▁<EOT>', '</s>'],
  },
  {
    // The same tokens without SentencePiece's blank, as some conversions write them.
    name: 'CodeLlama',
    ...{ prefix: '<PRE>', suffix: '<SUF>', middle: '<MID>' },
    ...prefixFirst,
    files: null,
    ends: ['<EOT>', '</s>'],
  },
  {
    // The README of aiXcoder-7B, "PSM mode": the path is a comment in the prefix.
    name: 'aiXcoder',
    ...{ prefix: '▁<AIX-SPAN-PRE>', suffix: '▁<AIX-SPAN-POST>', middle: '▁<AIX-SPAN-MIDDLE>' },
    ...{ order: 'prefix-first', header: 'in-prefix' },
    files: null,
    heading: '# the file path is: ',
    ends: ['</s>'],
  },
  {
    // GLM-4.5 (src/llama-vocab.cpp of llama.cpp).
    name: 'GLM',
    ...{ prefix: '<|code_prefix|>', suffix: '<|code_suffix|>', middle: '<|code_middle|>' },
    ...prefixFirst,
    files: null,
    ends: ['<|endoftext|>', '<|user|>'],
  },
  {
    // Falcon-H1-Tiny-Coder (src/llama-vocab.cpp of llama.cpp).
    name: 'Falcon Coder',
    ...{ prefix: '<|prefix|>', suffix: '<|suffix|>', middle: '<|middle|>' },
    ...prefixFirst,
    files: null,
    ends: ['<|endoftext|>'],
  },
  {
    // SantaCoder (arXiv:2301.03988), with hyphens.
    name: 'SantaCoder',
    ...{ prefix: '<fim-prefix>', suffix: '<fim-suffix>', middle: '<fim-middle>' },
    ...prefixFirst,
    files: null,
    ends: ['<|endoftext|>', '<fim-pad>'],
  },
  // Stable Code, Refact and others have these tokens and no marks of files.
  { name: 'StarCoder', ...star, ...prefixFirst, files: null, ends: ['<|endoftext|>', '<fim_pad>'] },
  { name: 'OpenAI', ...bars, ...prefixFirst, files: null, ends: ['<|endoftext|>', '<|fim_pad|>'] },
];

/** Marks of files in vocabularies without such a row: Zeta's. */
export const otherFileMarks: readonly FileMarks[] = [{ repository: null, file: '<filename>' }];

/**
 * Tokens that llama.cpp makes control tokens, whatever type a file gives them
 * (src/llama-vocab.cpp, "auto-detect special tokens by text").
 */
export const alwaysControl: ReadonlySet<string> = new Set([
  ...['prefix', 'suffix', 'middle'].flatMap((part) =>
    [`<|fim_${part}|>`, `<fim-${part}>`, `<fim_${part}>`].concat(`<|code_${part}|>`, `<|${part}|>`),
  ),
  ...['PRE', 'SUF', 'MID'].flatMap((part) => [`<${part}>`, `▁<${part}>`]),
  ...['<｜fim▁begin｜>', '<｜fim▁hole｜>', '<｜fim▁end｜>'],
  ...['<|repo_name|>', '<reponame>', '<|file_sep|>'],
]);
