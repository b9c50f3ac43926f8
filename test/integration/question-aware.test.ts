/** Reading a repository for one question: what it asks about is what stays. */
import { describe, expect, it } from 'vitest';
import { loadAddon } from '../../extension/engine/native/addon.ts';
import { cacheDirectory } from '../../extension/engine/native/cache-directory.ts';
import type { OpenParameters } from '../../extension/protocol/requests/open.ts';
import { failureOf, never, opening, startEngine } from './support/engine.ts';
import { folderOf } from './support/folders.ts';

const { session } = await startEngine();

/** Files alike but for their names and numbers. */
const nouns = ['Retry', 'Upload', 'Cursor', 'Socket', 'Parser', 'Ledger', 'Thumbnail', 'Quota'];
const root = await folderOf(
  Object.fromEntries(
    nouns.map((noun, index) => [
      `src/${noun.toLowerCase()}.ts`,
      ['Limit', 'Depth', 'Width', 'Delay']
        .map(
          (part, line) =>
            `export const ${noun.toLowerCase()}${part} = ${String(1009 * (index + 1) + 37 * line)};\n`,
        )
        .join(''),
    ]),
  ),
);

/** Tokens of each file that are held, in the mean over layers and heads. */
async function held(changes: Partial<OpenParameters>): Promise<Map<string, number>> {
  const budget = { unit: 'tokens', value: 128 } as const;
  const { files } = await session.open(opening(root, { budget, ...changes }), never);
  return new Map(files.map(({ path, tokens, kept }) => [path, tokens * kept]));
}

const policies = ['snapkv', 'laprox', 'default'] as const;
const asked = ['Cursor', 'Ledger', 'Quota'];
const pathOf = (noun: string): string => `src/${noun.toLowerCase()}.ts`;
const questionOn = (noun: string): string => `What is the value of ${noun.toLowerCase()}Width?`;

describe('question-aware reading', () => {
  it.each(policies)('keeps more of the file that is asked about: %s', async (policy) => {
    const aware = new Map<string, Map<string, number>>();
    for (const noun of asked) {
      aware.set(noun, await held({ policy, observedQuestion: questionOn(noun) }));
    }
    for (const noun of asked) {
      const tokens = (of: string): number => aware.get(of)?.get(pathOf(noun)) ?? NaN;
      for (const other of asked) {
        if (other !== noun) expect(tokens(noun)).toBeGreaterThan(tokens(other));
      }
    }
    if (policy === 'default') return;
    const unasked = await held({ policy, policyParameters: { rows: 'probe' } });
    for (const [noun, files] of aware) {
      expect(files.get(pathOf(noun))).toBeGreaterThan(unasked.get(pathOf(noun)) ?? NaN);
    }
  });

  it('says how it was read, and changes nothing without it', async () => {
    const opened = await session.open(
      opening(root, { policy: 'snapkv', observedQuestion: questionOn('Cursor') }),
      never,
    );
    expect(opened.policyParameters).toEqual({ rows: 'probe' });
    const plain = await session.open(opening(root, { policy: 'snapkv' }), never);
    expect(plain.policyParameters).toEqual({});
  });

  it('refuses what no question can guide and one that is too long, and what was open stays', async () => {
    const small = { budget: { unit: 'tokens', value: 128 } } as const;
    await session.open(opening(root, small), never);
    const before = session.state;
    const refusal = (changes: Partial<OpenParameters>): ReturnType<typeof failureOf> =>
      failureOf(session.open(opening(root, { ...small, ...changes }), never));
    const blind = await refusal({ policy: 'keydiff', observedQuestion: 'What?' });
    expect(blind.code).toBe('invalid-argument');
    expect(blind.message).toMatch(/"keydiff" does not use attention.*"snapkv"/);
    const long = await refusal({ policy: 'snapkv', observedQuestion: 'alpha '.repeat(600) });
    expect(long.code).toBe('question-too-long');
    expect(long.message).toMatch(/The question has \d+ tokens.* at most 448 .*shorter question/);
    expect(session.state).toEqual(before);
  });
});

describe('the rows of a policy', () => {
  it('are those of its attention', async () => {
    const { addon } = await loadAddon(cacheDirectory());
    const rows = (name: string, parameters = {}): string => addon.policyRows({ name, parameters });
    expect(
      ['snapkv', 'h2o', 'kvzip', 'keydiff', 'default', 'full'].map((name) => rows(name)),
    ).toEqual(['last', 'all', 'repeat', 'none', 'none', 'none']);
    expect(rows('laprox', { rows: 'both' })).toBe('both');
    expect(rows('keydiff', { rows: 'probe' })).toBe('none');
    expect(() => rows('lru')).toThrow(/choose one of/);
    // Every policy that looks at attention can look through a question.
    for (const name of addon.policyNames.filter((known) => rows(known) !== 'none')) {
      expect(rows(name, { rows: 'probe' })).toBe('probe');
    }
  });
});
