/**
 * Models that Loci proposes for download: they write code, fill in the middle, and have licences
 * without conditions on use. Sizes and sums are those of at least two independent public records;
 * the files were not downloaded for this list. A model without a sum is compared with the one that
 * the hub states.
 */

import { hubFile, modelAddress } from './download/address.ts';
import type { ModelAddress } from './download/address.ts';
import { alikeLayers } from './layer-table.ts';
import type { LayerTable } from './layer-table.ts';

/** A proposed model. */
export interface CuratedModel {
  /** As `loci models pull` takes it. */
  readonly name: string;
  readonly title: string;
  /** On the hub: owner and name. */
  readonly repository: string;
  readonly file: string;
  readonly quantisation: string;
  readonly bytes: number;
  readonly trainedContext: number;
  /** An SPDX identifier. */
  readonly licence: string;
  /** Lower-case hexadecimal; null: the hub's own counts. */
  readonly sha256: string | null;
  /** What an estimate of its memory needs. */
  readonly table: LayerTable;
  readonly embedding: number;
  readonly vocabulary: number;
}

/** Smallest first. */
export const curatedModels: readonly CuratedModel[] = [
  {
    name: 'qwen2.5-coder-0.5b',
    title: 'Qwen2.5-Coder 0.5B',
    repository: 'Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF',
    file: 'qwen2.5-coder-0.5b-instruct-q8_0.gguf',
    quantisation: 'Q8_0',
    bytes: 675_710_848,
    trainedContext: 32_768,
    licence: 'Apache-2.0',
    sha256: 'e1a77721fa97d412f121878223eec81fb4ae6f271e18f922d746711f67b344d1',
    table: alikeLayers(24, 2, 64),
    embedding: 896,
    vocabulary: 151_936,
  },
  {
    name: 'qwen2.5-coder-1.5b',
    title: 'Qwen2.5-Coder 1.5B',
    repository: 'Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF',
    file: 'qwen2.5-coder-1.5b-instruct-q8_0.gguf',
    quantisation: 'Q8_0',
    bytes: 1_894_532_160,
    trainedContext: 32_768,
    licence: 'Apache-2.0',
    sha256: '507de59046601282ba768a9789900e6ccf60ed93ddf346730b7c68eb0715bc47',
    table: alikeLayers(28, 2, 128),
    embedding: 1_536,
    vocabulary: 151_936,
  },
  {
    name: 'granite-4.1-3b',
    title: 'Granite 4.1 3B',
    repository: 'ibm-granite/granite-4.1-3b-GGUF',
    file: 'granite-4.1-3b-Q4_K_M.gguf',
    quantisation: 'Q4_K_M',
    bytes: 2_099_501_664,
    trainedContext: 131_072,
    licence: 'Apache-2.0',
    sha256: '662b0626cd58f443baea23559b469df6576a81d349649c59413b36a9fb32eb29',
    table: alikeLayers(40, 8, 64),
    embedding: 2_560,
    vocabulary: 100_352,
  },
  {
    name: 'qwen2.5-coder-7b',
    title: 'Qwen2.5-Coder 7B',
    repository: 'Qwen/Qwen2.5-Coder-7B-Instruct-GGUF',
    file: 'qwen2.5-coder-7b-instruct-q4_k_m.gguf',
    quantisation: 'Q4_K_M',
    bytes: 4_683_073_536,
    trainedContext: 32_768,
    licence: 'Apache-2.0',
    sha256: '509287f78cb4d4cf6b3843734733b914b2c158e43e22a7f4bf5e963800894d3c',
    table: alikeLayers(28, 4, 128),
    embedding: 3_584,
    vocabulary: 152_064,
  },
  {
    name: 'granite-4.1-8b',
    title: 'Granite 4.1 8B',
    repository: 'ibm-granite/granite-4.1-8b-GGUF',
    file: 'granite-4.1-8b-Q4_K_M.gguf',
    quantisation: 'Q4_K_M',
    bytes: 5_347_914_400,
    trainedContext: 131_072,
    licence: 'Apache-2.0',
    sha256: 'ed902ac9eb6adce5a90c6a08c8ea201b50e23fdc5976d1cd0362006afac5309e',
    table: alikeLayers(40, 8, 128),
    embedding: 4_096,
    vocabulary: 100_352,
  },
  {
    name: 'qwen2.5-coder-14b',
    title: 'Qwen2.5-Coder 14B',
    repository: 'bartowski/Qwen2.5-Coder-14B-Instruct-GGUF',
    file: 'Qwen2.5-Coder-14B-Instruct-Q4_K_M.gguf',
    quantisation: 'Q4_K_M',
    bytes: 8_988_111_072,
    trainedContext: 32_768,
    licence: 'Apache-2.0',
    sha256: null,
    table: alikeLayers(48, 8, 128),
    embedding: 5_120,
    vocabulary: 152_064,
  },
  {
    name: 'qwen3-coder-30b-a3b',
    title: 'Qwen3-Coder 30B-A3B',
    repository: 'unsloth/Qwen3-Coder-30B-A3B-Instruct-GGUF',
    file: 'Qwen3-Coder-30B-A3B-Instruct-Q4_K_M.gguf',
    quantisation: 'Q4_K_M',
    bytes: 18_556_689_568,
    trainedContext: 262_144,
    licence: 'Apache-2.0',
    sha256: 'fadc3e5f8d42bf7e894a785b05082e47daee4df26680389817e2093056f088ad',
    table: alikeLayers(48, 4, 128),
    embedding: 2_048,
    vocabulary: 151_936,
  },
];

/** Where a proposed model is on a hub. */
export function curatedAddress(model: CuratedModel, hub: string): ModelAddress {
  const { repository, file, sha256 } = model;
  return { ...modelAddress(hubFile(hub, repository, file), hub), sha256 };
}
