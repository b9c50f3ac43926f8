import { expect, it } from 'vitest';
import { nextEditFamily } from './next-edit-families.ts';

const qwen = ['<|file_sep|>', '<|repo_name|>', '<|fim_prefix|>'];
const seed = ['<[fim-prefix]>', '<[fim-suffix]>', '<[fim-middle]>', '<filename>'];

it.each([
  [['Sweep Next Edit 1.5B', 'sweep-next-edit'], qwen, 'Sweep'],
  [['sweep-next-edit-0.5b'], qwen, 'Sweep'],
  [['Merged', 'qwen2.5-coder', 'sweep_next_edit'], qwen, 'Sweep'],
  [['Sweep Next Edit 1.5B'], [], null],
  [['Zeta', 'zeta'], qwen, 'Zeta'],
  [['zed-industries_zeta'], qwen, 'Zeta'],
  [['Zeta'], seed, null],
  [['Zeta 2', 'zeta'], seed, 'Zeta 2'],
  [['zeta-2'], seed, 'Zeta 2'],
  // Its format is another.
  [['Zeta 2.1', 'zeta'], seed, null],
  [['Zeta 2'], qwen, null],
  [['Qwen2.5 Coder 1.5B', 'Qwen2.5-Coder', 'Instruct'], qwen, null],
  [['Seed Coder 8B Base'], seed, null],
  [['Sweeper', 'Zetan', 'sweep'], [...qwen, ...seed], null],
  [[], qwen, null],
])('%j with the tokens %j is %j', (names, tokens, family) => {
  expect(nextEditFamily(names, (text) => tokens.indexOf(text))?.name ?? null).toBe(family);
});
