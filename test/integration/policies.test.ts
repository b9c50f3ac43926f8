import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fullRun } from '../tools/full-run.ts';
import { loadAddon } from '../../extension/engine/native/addon.ts';
import { cacheDirectory } from '../../extension/engine/native/cache-directory.ts';
import { Session } from '../../extension/engine/session.ts';
import type { Progress } from '../../extension/protocol/notifications/progress.ts';
import { policyNames } from '../../extension/protocol/policies.ts';
import { asking, failureOf, never, opening, startEngine } from './support/engine.ts';
import { folderOf, sampleRepository, temporaryFolder } from './support/folders.ts';

const loaded = await loadAddon(cacheDirectory());

describe('the addon', () => {
  it('knows the policies that can be chosen, and no others', () => {
    expect([...loaded.addon.policyNames].sort()).toEqual([...policyNames].sort());
  });

  it('says which policies allocate by what the layers need', () => {
    const needs = (name: string, parameters = {}): string =>
      loaded.addon.policyProfile({ name, parameters });
    expect(needs('default')).toBe('repeat');
    expect(needs('default', { profile: 'keys' })).toBe('keys');
    expect(needs('laprox')).toBe('none');
    expect(needs('full')).toBe('none');
    expect(needs('laprox', { allocation: 'profile' })).toBe('repeat');
    expect(needs('laprox', { allocation: 'profile', profile: 'keys' })).toBe('keys');
    expect(() => needs('laprox', { profile: 'keys' })).toThrow(/Add allocation=profile/);
    expect(() => needs('default', { profile: 'values' })).toThrow(/repeat, keys/);
    expect(() => needs('lru')).toThrow(/choose one of .*laprox/);
    expect(() => needs('laprox', { pool: '6' })).toThrow(/odd number/);
    expect(() => needs('tova', { layout: 'ragged' })).toThrow(/same tokens in all heads/);
    expect(() => needs('laprox', { size: '6' })).toThrow(/no parameter "size"; it has .*window/);
  });
});

const quiet = { onProgress: () => undefined, onState: () => undefined, onLog: () => undefined };

describe('the profile of the layers', () => {
  it('is measured once per model, kept, and measured again where it was damaged', async () => {
    const folder = await temporaryFolder();
    const measured: number[] = [];
    const listener = {
      ...quiet,
      onProgress: ({ phase, tokens }: Progress) => {
        if (phase === 'measuring') measured.push(tokens);
      },
    };
    const session = new Session(loaded, folder, listener);
    const repository = await sampleRepository();
    const open = (): Promise<unknown> => session.open(opening(repository.root), never);
    try {
      const models = join(folder, 'models');
      const profiles = async (): Promise<string[]> =>
        (await readdir(models).catch(() => [])).filter((name) => name.startsWith('profile-'));
      const little = { unit: 'tokens', value: 128 } as const;
      await session.open(opening(repository.root, { budget: little }), never);
      expect(await profiles()).toEqual([]); // it would take more than this budget and a chunk
      expect(measured).toEqual([]);
      await open();
      expect(measured.length).toBeGreaterThan(1);
      expect(measured[0]).toBe(0);
      const names = await profiles();
      expect(names).toHaveLength(1);
      const file = join(models, names[0] ?? '');
      const first = await readFile(file, 'utf8');
      const weights = JSON.parse(first) as number[];
      expect(weights).toHaveLength(6);
      // The bundled model copies in its second layer: repeating needs that one most.
      expect(Math.max(...weights)).toBe(weights[1]);
      expect(weights[1]).toBeGreaterThan(3 * (weights[0] ?? 0));
      await writeFile(file, '[1, 2, "three"]');
      await open();
      expect(await readFile(file, 'utf8')).toBe(first);
    } finally {
      await session.close();
    }
  });

  it.runIf(fullRun)(
    'by keys is another one, kept apart, and the same whenever it is measured',
    async () => {
      const folder = await temporaryFolder();
      const session = new Session(loaded, folder, quiet);
      const { root } = await sampleRepository({ tokens: 1400 });
      const open = (tokens: number, policyParameters: Readonly<Record<string, string>>) =>
        session.open(
          opening(root, { budget: { unit: 'tokens', value: tokens }, policyParameters }),
          never,
        );
      const models = join(folder, 'models');
      const kept = async (kind: string): Promise<string | null> => {
        const names = await readdir(models).catch(() => []);
        const name = names.find((each) => each.startsWith(`${kind}-`));
        return name === undefined ? null : join(models, name);
      };
      const weightsOf = async (kind: string): Promise<number[]> =>
        JSON.parse(await readFile((await kept(kind)) ?? '', 'utf8')) as number[];
      try {
        await open(512, { profile: 'keys' });
        expect(await kept('key-profile')).toBeNull(); // measuring it takes more than this
        await open(1024, { profile: 'keys' });
        expect(await kept('profile')).toBeNull();
        const byKeys = await weightsOf('key-profile');
        expect(byKeys).toHaveLength(6);
        // The keys of the first layer do not depend on the text before.
        expect(byKeys[0]).toBe(0.25);
        expect(Math.min(...byKeys)).toBe(0.25);
        expect(Math.max(...byKeys)).toBeGreaterThan(1);

        await rm((await kept('key-profile')) ?? '');
        await open(1024, { profile: 'keys' });
        expect(await weightsOf('key-profile')).toEqual(byKeys);
        await open(1024, {});
        expect(await weightsOf('profile')).not.toEqual(byKeys);
        expect(await weightsOf('key-profile')).toEqual(byKeys);

        await open(1024, { profile: 'keys', layout: 'ragged' });
        const byHead = await weightsOf('key-head-profile');
        expect(byHead).toHaveLength(12);
        expect(Math.min(...byHead)).toBe(0.25);
      } finally {
        await session.close();
      }
    },
  );
});

describe('adakv', () => {
  it('reads more than it holds, heads by what they need, and answers', async () => {
    const { session } = await startEngine();
    const repository = await sampleRepository({ questions: 6 });
    const opened = await session.open(opening(repository.root, { policy: 'adakv' }), never);
    expect(opened.repository.tokens).toBeGreaterThan(2 * opened.budget.tokens);
    expect(opened.memory.heldTokens).toBeGreaterThan(0.85 * opened.budget.tokens);
    expect(opened.memory.peakKvBytes).toBeLessThanOrEqual(
      opened.budget.bytes + opened.memory.workingBytes,
    );
    let right = 0;
    for (const { question, answer } of repository.questions) {
      const result = await session.ask(asking(question), () => undefined, never);
      right += result.answer === answer ? 1 : 0;
    }
    expect(right).toBeGreaterThanOrEqual(repository.questions.length / 2);
  });
});

describe('a wrong parameter', () => {
  it('is refused with the valid ones, and what was open stays', async () => {
    const session = new Session(loaded, cacheDirectory(), quiet);
    const root = await folderOf({ 'a.ts': 'export const a = 1;\n' });
    try {
      await session.open(opening(root), never);
      const before = session.state;
      const failure = await failureOf(
        session.open(opening(root, { policyParameters: { window: 'wide' } }), never),
      );
      expect(failure.code).toBe('invalid-argument');
      expect(failure.message).toMatch(/window .* whole number from 1 to 512, not wide/);
      expect(session.state).toEqual(before);
      await session.ask(asking('What is a?'), () => undefined, never);
    } finally {
      await session.close();
    }
  });
});
