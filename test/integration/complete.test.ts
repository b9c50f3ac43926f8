import { beforeAll, describe, expect, it } from 'vitest';
import { failureOf, never, opening, startEngine } from './support/engine.ts';
import { sampleRepository } from './support/folders.ts';

const { session } = await startEngine();
const repository = await sampleRepository({ tokens: 2000 });

describe('complete', () => {
  beforeAll(async () => {
    await session.open(opening(repository.root), never);
  });

  const cursor = {
    path: 'src/added.ts',
    prefix: 'function area(width, height) {\n  return width',
    suffix: ';\n}\n',
    maxTokens: 24,
  };

  it('writes what belongs between two parts of a line', async () => {
    const completion = await session.complete(cursor, never);
    expect(completion.text).not.toMatch(/\n|<\|/);
    expect(completion.text.endsWith(';')).toBe(false);
    expect(completion.promptTokens).toBeLessThan(256);
    expect(completion.outputTokens).toBeLessThanOrEqual(24);
    expect((await session.complete(cursor, never)).text).toBe(completion.text);
  });

  it('finishes a word that has been begun, also in the middle of a token', async () => {
    const lines = ['retryLimitOption', 'sampleTokenCount', 'userNameLength'].map(
      (name) => `const ${name} = read("${name}");\nuse(${name});\n`,
    );
    for (const [name, typed] of [
      ['retryLimitOption', 'retryLim'],
      ['sampleTokenCount', 'sampleT'],
      ['userNameLength', 'us'],
    ] as const) {
      const completion = await session.complete(
        {
          path: 'src/use.ts',
          prefix: `${lines.join('')}print(${typed}`,
          suffix: '\n',
          maxTokens: 8,
        },
        never,
      );
      expect(`${typed}${completion.text}`.startsWith(name), completion.text).toBe(true);
    }
  });

  it('takes a file of any size, and only what is near the cursor', async () => {
    const line = 'export const someName = otherName + 1;\n';
    const large = { ...cursor, prefix: line.repeat(20_000), suffix: line.repeat(20_000) };
    const completion = await session.complete(large, never);
    expect(completion.promptTokens).toBeLessThanOrEqual(256);
    const near = { ...large, prefix: line.repeat(400), suffix: line.repeat(400) };
    expect((await session.complete(near, never)).text).toBe(completion.text);
  });

  it('gives way to a newer completion, and the newest is answered', async () => {
    const older = [0, 1, 2].map((extra) =>
      failureOf(session.complete({ ...cursor, prefix: cursor.prefix + ' '.repeat(extra) }, never)),
    );
    const newest = await session.complete({ ...cursor, maxTokens: 4 }, never);
    expect(newest.outputTokens).toBeLessThanOrEqual(4);
    for (const { code } of await Promise.all(older)) expect(code).toBe('cancelled');
  });

  it('goes before questions that wait', async () => {
    const order: string[] = [];
    const first = session
      .ask(
        {
          question: 'What is a?',
          recall: 'off',
          maxTokens: 8,
          seed: 0,
          temperature: 0,
          mode: 'always',
        },
        () => undefined,
        never,
      )
      .then(() => order.push('first question'));
    const second = session
      .ask(
        {
          question: 'What is b?',
          recall: 'off',
          maxTokens: 8,
          seed: 0,
          temperature: 0,
          mode: 'always',
        },
        () => undefined,
        never,
      )
      .then(() => order.push('second question'));
    const completion = session.complete(cursor, never).then(() => order.push('completion'));
    await Promise.all([first, second, completion]);
    expect(order).toEqual(['first question', 'completion', 'second question']);
  });
});
