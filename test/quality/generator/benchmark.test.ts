import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { generateBenchmark } from './benchmark.ts';
import { charactersPerToken } from './repository.ts';

const options = { seed: 3, tokens: 16_000, questions: 40 };
const benchmark = generateBenchmark(options);

function count(word: string): number {
  const literal = word.replaceAll(/[$.]/g, '\\$&');
  const text = [...benchmark.files.values()].join('\n');
  return text.match(new RegExp(`(?<![\\w$])${literal}(?![\\w$])`, 'g'))?.length ?? 0;
}

describe('generateBenchmark', () => {
  it('is a function of its seed', () => {
    const digest = (of: unknown): string =>
      createHash('sha256').update(JSON.stringify(of)).digest('hex');
    const again = generateBenchmark(options);
    expect(digest([...again.files])).toBe(digest([...benchmark.files]));
    expect(again.items).toEqual(benchmark.items);
    expect(generateBenchmark({ ...options, seed: 4 }).items).not.toEqual(benchmark.items);
  });

  it.each([3000, 16_000, 34_000])('has about %d tokens', (tokens) => {
    const { files } = generateBenchmark({ ...options, tokens });
    const characters = [...files].reduce((sum, [path, text]) => sum + path.length + text.length, 0);
    expect(characters / charactersPerToken / tokens).toBeGreaterThan(0.9);
    expect(characters / charactersPerToken / tokens).toBeLessThan(1.15);
  });

  it('states every item where it says', () => {
    for (const item of benchmark.items) {
      const lines = (benchmark.files.get(item.path) ?? '').split('\n');
      const line = lines[item.line - 1] ?? '';
      if (item.task === 'copy') {
        const body = lines.slice(item.line - 1).join('\n');
        expect(body.startsWith(item.prefix + item.expected)).toBe(true);
      } else if (item.task === 'needle') {
        expect(line).toContain(`= ${item.answers[0] ?? ''};`);
      } else if (item.task === 'loss' && item.kind === 'import') {
        expect(`${line}\n`).toBe(item.prefix + item.expected);
      }
      if ('heldOutPath' in item) expect(benchmark.files.has(item.heldOutPath)).toBe(false);
    }
  });

  it('has needles that only their own lines answer', () => {
    for (const item of benchmark.items) {
      if (item.task !== 'needle') continue;
      for (const answer of item.answers) expect(count(answer), answer).toBe(1);
      const key = /value of (\S+)\?|values of (\S+)\?/.exec(item.question)?.slice(1).find(Boolean);
      expect(count(key ?? '')).toBe(item.kind === 'multi-value' ? 3 : 1);
    }
  });
});
