import { expect, it } from 'vitest';
import { curatedModels } from '../../models/curated.ts';
import { downloadItems } from './download-items.ts';

const [small, large] = curatedModels;
if (small === undefined || large === undefined) throw new Error('The list is empty.');

it('says of each model what it is, where it fits and how much of it is here', () => {
  const fits = [{ name: small.name, fits: 'gpu', largestBudgetTokens: 12_000 }] as const;
  const there = { path: `/m/${large.file}`, fileName: large.file, complete: true, address: null };
  const begun = { path: `/m/${small.file}`, fileName: small.file, complete: false, address: 'a' };
  const [first, second] = downloadItems([small, large], fits, [
    { ...begun, bytes: small.bytes / 4 },
    { ...there, bytes: large.bytes },
  ]);
  expect(first).toEqual({
    label: 'Qwen2.5-Coder 0.5B',
    description: '644 MiB, Q8_0, Apache-2.0, 25 % is here',
    detail: `fits the GPU (budget up to 12,000 tokens), trained for 32,768 tokens, ${small.repository}`,
    choice: { kind: 'curated', model: small },
  });
  expect(second?.description).toMatch(/, downloaded$/u);
  expect(second?.detail).toBe(`trained for 32,768 tokens, ${large.repository}`);
  expect(second?.choice).toEqual({ kind: 'there', path: there.path });
});

it('lists what was begun from an address, without icons in its name', () => {
  const address = 'https://models.example/a/$(zap).gguf';
  const part = { path: '/m/x', bytes: 2 ** 20, complete: false };
  const items = downloadItems(
    [small],
    [],
    [
      { ...part, fileName: '$(zap).gguf', address },
      { ...part, fileName: 'lost.gguf', address: null },
      { ...part, fileName: 'whole.gguf', complete: true, address: null },
    ],
  );
  expect(items.slice(1)).toEqual([
    {
      label: String.raw`\$(zap).gguf`,
      description: '1.0 MiB are here',
      detail: String.raw`https://models.example/a/\$(zap).gguf`,
      choice: { kind: 'begun', address },
    },
  ]);
});
