import { expect, it } from 'vitest';
import type { OpenResult } from '../protocol/requests/open.ts';
import { HeldResult } from './held-result.ts';
import { openResult } from '../../test/fixtures/open-result.ts';

function figures(tokens: number): OpenResult {
  return openResult({ repository: { files: 1, tokens, totalFiles: 1, totalTokens: tokens } });
}

it('keeps the figures while the engine holds their memory', () => {
  const held = new HeldResult();
  const first = figures(1);
  held.told(1);
  held.keep(first, null);
  expect(held.told(1)).toBe(false);
  expect(held.result).toBe(first);
});

it('gives them up once the memory is released, and never takes a partial one for it', () => {
  const held = new HeldResult();
  held.told(1);
  held.keep(figures(1), null);
  expect(held.told(0)).toBe(true);
  expect(held.told(2)).toBe(false);
  expect(held.result).toBeNull();
});

it('has none while another memory has taken its place, until that one has figures', () => {
  const held = new HeldResult();
  held.told(1);
  held.keep(figures(1), null);
  held.told(2);
  expect(held.result).toBeNull();
  const refined = figures(2);
  held.keep(refined, null);
  expect(held.result).toBe(refined);
});

it('has none once the engine is gone, whatever number the next one begins with', () => {
  const held = new HeldResult();
  held.told(1);
  held.keep(figures(1), null);
  held.forget();
  held.told(1);
  expect(held.result).toBeNull();
});
