/** Which of the models that people run for code Loci opens, by the architecture in their files. */
import { describe, expect, it } from 'vitest';
import { judgeArchitecture } from './architectures.ts';

/** Models in use in late 2026, smallest first, and their architectures. */
const opened: readonly (readonly [model: string, architecture: string])[] = [
  ['Qwen2.5-Coder 0.5B, 1.5B', 'qwen2'],
  ['Sweep next-edit 0.5B, 1.5B', 'qwen2'],
  ['Qwen3.5 0.8B, 2B', 'qwen35'],
  ['Gemma 4 E2B', 'gemma4'],
  ['LFM2.5 1.2B', 'lfm2'],
  ['Qwen2.5-Coder 3B', 'qwen2'],
  ['Qwen2.5-Coder 7B', 'qwen2'],
  ['Granite 4.1 3B, 8B', 'granite'],
  ['Qwen3 4B, 8B', 'qwen3'],
  ['Zeta 2.1 8B', 'llama'],
  ['Gemma 3 4B', 'gemma3'],
  ['Gemma 4 E4B', 'gemma4'],
  ['Qwen3.5 4B, 9B', 'qwen35'],
  ['Nemotron 3 Nano 4B', 'nemotron_h'],
  ['LFM2 8B-A1B', 'lfm2moe'],
  ['Qwen2.5-Coder 14B', 'qwen2'],
  ['Ministral 3 14B', 'mistral3'],
  ['Phi-4 14B', 'phi3'],
  ['Gemma 4 12B', 'gemma4'],
  ['Mellum2 12B-A2.5B', 'mellum'],
  ['DeepSeek-Coder-V2-Lite', 'deepseek2'],
  ['Qwen3-Coder 30B-A3B', 'qwen3moe'],
  ['Devstral Small 2 24B', 'mistral3'],
  ['Granite 4.1 30B', 'granite'],
  ['Gemma 4 26B-A4B', 'gemma4'],
  ['Gemma 4 31B', 'gemma4'],
  ['Seed-OSS 36B', 'seed_oss'],
  ['Codestral 22B', 'llama'],
  ['Qwen3.5, 3.6, 3.8 27B', 'qwen35'],
  ['Qwen3.5, 3.6 35B-A3B', 'qwen35moe'],
  ['gpt-oss 20B', 'gpt-oss'],
  ['GLM-4.7-Flash 30B-A3B', 'deepseek2'],
  ['Laguna XS.2 33B-A3B', 'laguna'],
  ['Nemotron 3 Nano 30B-A3B', 'nemotron_h_moe'],
  ['Qwen3-Coder-Next 80B-A3B', 'qwen3next'],
  ['gpt-oss 120B', 'gpt-oss'],
];

/** Later models of the same makers. */
const refused: typeof opened = [
  ['DeepSeek-V3.2', 'deepseek32'],
  ['GLM-5', 'glm-dsa'],
  ['DeepSeek-V4', 'deepseek4'],
];

describe('models that people run', () => {
  it.each(opened)('opens %s', (_, architecture) => {
    expect(judgeArchitecture(architecture)).toMatchObject({ supported: true, known: true });
  });

  it.each(refused)('refuses %s with a reason', (_, architecture) => {
    const verdict = judgeArchitecture(architecture);
    expect(verdict.supported ? '' : verdict.reason).toMatch(/^(?:attends|compresses|mixes) /u);
  });

  it('tries Muse Glimmer 30B, which it does not know', () => {
    const verdict = judgeArchitecture('muse-glimmer');
    expect(verdict).toMatchObject({ supported: true, known: false });
  });
});
