import { expect, it } from 'vitest';
import type { KeptMemory } from '../../protocol/requests/kept.ts';
import { keptItems } from './kept-items.ts';

function memory(change: Partial<KeptMemory> = {}): KeptMemory {
  return {
    id: { key: 'a'.repeat(32), number: 1 },
    bytes: 3 * 2 ** 20,
    savedAt: Date.UTC(2026, 0, 2, 12),
    roots: ['/home/me/project', '/home/me/library/'],
    model: 'tiny',
    tokens: 12_345,
    ...change,
  };
}

it('tells folders, size, date, tokens and model', () => {
  const [item] = keptItems([memory()]);
  expect(item?.label).toBe('project, library');
  expect(item?.description).toMatch(/^3(?:\.0)? MiB, 2 Jan 2026, /u);
  expect(item?.detail).toMatch(/: 12,345 tokens, read with tiny$/u);
});

it('says so where one is damaged', () => {
  const [item] = keptItems([memory({ roots: [], model: null, tokens: 0 })]);
  expect(item).toMatchObject({ label: 'Damaged', detail: 'It cannot be used.' });
});

it('shows no icons and no hidden characters of names', () => {
  const [item] = keptItems([memory({ roots: ['/a/$(trash)\u202e'], model: '$(zap)\n' })]);
  expect(`${item?.label ?? ''}${item?.detail ?? ''}`).not.toMatch(/\$\(|\u202e|\n/u);
});
