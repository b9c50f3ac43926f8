import { describe, expect, it } from 'vitest';
import { kvBytes } from '../../models/estimate.ts';
import { alikeLayers } from '../../models/layer-table.ts';
import { needsCount, pinnedTokensFor, protectedTokensFor, resolveBudget } from './budget.ts';
import { chunkTokensFor } from './chunk-tokens.ts';
import type { BudgetRequest } from './budget.ts';

const shape = { table: alikeLayers(6, 2, 64), kvType: 'f16' } as const;
const request: BudgetRequest = {
  exactShare: false,
  budget: { unit: 'tokens', value: 1000 },
  policy: 'laprox',
  shape,
  working: { rows: 512, total: 512 },
  trainedContext: 4096,
  streamTokens: null,
  streamLimit: 1_000_000,
  freeBytes: 2 ** 30,
};

describe('chunkTokensFor', () => {
  it.each([
    [512, 256],
    [2048, 256],
    [4096, 512],
    [6000, 1024],
    [8192, 1024],
    [131_072, 1024],
  ])('%d trained tokens are read %d at a time', (context, chunk) => {
    expect(chunkTokensFor(context)).toBe(chunk);
  });
});

describe('resolveBudget', () => {
  it('takes tokens, percent of the stream and bytes', () => {
    expect(resolveBudget(request)).toEqual({ tokens: 1000, notices: [] });
    const percent = { unit: 'percent', value: 10 } as const;
    expect(resolveBudget({ ...request, budget: percent, streamTokens: 12_345 }).tokens).toBe(1234);
    const bytes = { unit: 'mebibytes', value: 3 } as const;
    expect(resolveBudget({ ...request, budget: bytes }).tokens).toBe(1024);
  });

  it('is lowered with a notice to what the trained context leaves', () => {
    const resolved = resolveBudget({ ...request, budget: { unit: 'tokens', value: 9000 } });
    expect(resolved.tokens).toBe(4096 - 512);
    expect(resolved.notices).toEqual([
      'This model can hold at most 3,584 tokens. For more, choose a model with a longer context.',
    ]);
  });

  it('is lowered without one to what the repository can fill', () => {
    expect(resolveBudget({ ...request, streamLimit: 300 })).toMatchObject({
      tokens: 300,
      notices: [],
    });
  });

  it('refuses what is too small and says what would do', () => {
    expect(() => resolveBudget({ ...request, budget: { unit: 'tokens', value: 63 } })).toThrow(
      /63 tokens.*at least 64 tokens/i,
    );
    const bytes = { unit: 'mebibytes', value: 0.1 } as const;
    const would = /at least ([\d.]+) MiB/;
    expect(() => resolveBudget({ ...request, budget: bytes })).toThrow(would);
    try {
      resolveBudget({ ...request, budget: bytes });
    } catch (error) {
      const value = Number(would.exec(String(error))?.[1]);
      expect(resolveBudget({ ...request, budget: { unit: 'mebibytes', value } }).tokens).toBe(68);
    }
  });

  it.each([
    [10, 28, 64],
    [100, 28, 64],
    [10, 640, 640],
    [1, 3000, 1024],
    [10, 20_000, 2000],
  ])(
    'never takes %d %% of %d tokens for less than costs nothing',
    (value, streamTokens, tokens) => {
      const share = { ...request, budget: { unit: 'percent', value }, streamTokens } as const;
      expect(resolveBudget(share)).toMatchObject({ tokens, notices: [] });
    },
  );

  it('raises a share only as far as the context and the free memory go', () => {
    const share = {
      ...request,
      budget: { unit: 'percent', value: 10 },
      streamTokens: 5000,
    } as const;
    const short = { ...share, trainedContext: 1200 };
    expect(resolveBudget(short)).toMatchObject({ tokens: 688, notices: [] });
    expect(resolveBudget({ ...share, freeBytes: kvBytes(shape, 1300) }).tokens).toBe(788);
    expect(resolveBudget({ ...share, freeBytes: kvBytes(shape, 1012) }).tokens).toBe(500);
  });

  it('takes a share as it is where it is measured', () => {
    const budget = { unit: 'percent', value: 10 } as const;
    const share = { ...request, exactShare: true, budget, streamTokens: 5000 };
    expect(resolveBudget(share)).toEqual({ tokens: 500, notices: [] });
  });

  it('refuses what memory does not hold, and names a budget that fits', () => {
    const freeBytes = kvBytes(shape, 1500);
    const wanted = { ...request, budget: { unit: 'tokens', value: 1200 }, freeBytes } as const;
    expect(() => resolveBudget(wanted)).toThrow(/at most 988 tokens/);
    expect(resolveBudget({ ...wanted, budget: { unit: 'tokens', value: 988 } }).tokens).toBe(988);
    expect(() => resolveBudget({ ...wanted, freeBytes: kvBytes(shape, 500) })).toThrow(
      /smaller model/,
    );
  });

  it('refuses the policy that keeps everything where not everything fits', () => {
    const full = { ...request, policy: 'full', streamTokens: 1001 } as const;
    expect(() => resolveBudget(full)).toThrow(/all 1,001 tokens.*budget is 1,000/);
    expect(resolveBudget({ ...full, streamTokens: 1000 }).tokens).toBe(1000);
  });

  it('refuses a model whose context has no room for anything', () => {
    expect(() => resolveBudget({ ...request, trainedContext: 512 })).toThrow(
      /Choose another model/,
    );
  });
});

describe('what may be pinned', () => {
  it('is half of the budget, and leaves headers and the newest tokens their room', () => {
    expect([64, 300, 1_024, 100_000].map(pinnedTokensFor)).toEqual([0, 0, 512, 50_000]);
    for (let budget = 64; budget < 3_000; budget += 7) {
      const stays = pinnedTokensFor(budget) + protectedTokensFor(budget);
      expect(stays === protectedTokensFor(budget) || stays + 256 <= budget).toBe(true);
    }
  });
});

describe('needsCount', () => {
  it('counts only where the length decides', () => {
    expect(needsCount({ unit: 'percent', value: 5 }, 'laprox', 'f16')).toBe(true);
    expect(needsCount({ unit: 'tokens', value: 500 }, 'full', 'f16')).toBe(true);
    expect(needsCount({ unit: 'tokens', value: 500 }, 'laprox', 'f16')).toBe(false);
    expect(needsCount({ unit: 'tokens', value: 500 }, 'laprox', 'q4_0')).toBe(true);
  });
});
