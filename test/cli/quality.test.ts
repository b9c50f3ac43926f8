import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { qualityReportSchema } from '../../extension/protocol/quality-report.ts';
import { generateRepository } from '../quality/generator/repository.ts';
import { writeRepository } from '../tools/write-repository.ts';
import { loci } from './loci.ts';

const repository = generateRepository({ seed: 5, tokens: 1600, questions: 8 });
let parent = '';
let root = '';
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'loci-quality-'));
  root = join(parent, repository.name);
  await writeRepository(repository, root);
});
afterAll(() => rm(parent, { recursive: true, force: true }));

const reading = (): string[] => ['quality', '--repo', root, '--gpu', 'cpu'];

const questionsSchema = z.object({
  questions: z.array(
    z.object({
      path: z.string(),
      line: z.number(),
      prompt: z.string(),
      expected: z.string(),
      after: z.string(),
      scores: z.record(z.string(), z.object({ exact: z.boolean() })),
    }),
  ),
});

describe('loci quality', () => {
  it('prints one JSON document whose questions are lines of the repository', async () => {
    const svg = join(parent, 'curve.svg');
    const { code, stdout, stderr } = await loci([
      ...reading(),
      ...['--budget', '100%,10%', '--policy', 'streaming', '--questions', '16'],
      ...['--recall', 'off', '--json', '--svg', svg],
    ]);
    expect(stderr).toMatch(/\[1\/3\] streaming at 10%/);
    expect(code).toBe(0);
    const document: unknown = JSON.parse(stdout);
    const report = qualityReportSchema.parse(document);
    expect(report.cells.map(({ budget }) => budget)).toEqual(['10%', '100%']);
    for (const { heldTokens, budgetTokens } of report.cells) {
      expect(heldTokens).toBeLessThanOrEqual(budgetTokens);
    }
    // The bundled model knows none of this code: correct answers come from the memory.
    const [small, whole] = report.cells;
    expect(report.alone.exact).toBeLessThanOrEqual(1);
    expect(whole?.accuracy.share).toBeGreaterThanOrEqual(0.4);
    expect(whole?.accuracy.share).toBeGreaterThan(small?.accuracy.share ?? 1);
    expect(whole?.accuracy.natsPerToken).toBeLessThan(report.alone.natsPerToken / 2);
    // Nothing is evicted at 100 %, so the result equals that with everything kept.
    expect(report.full?.accuracy.exact).toBe(whole?.accuracy.exact);

    const { questions } = questionsSchema.parse(document);
    expect(questions).toHaveLength(16);
    for (const { path, line, prompt, expected, after, scores } of questions) {
      const text = repository.files.get(path)?.split('\n')[line - 1];
      expect(text).toBe(`${prompt}${expected}${after}`);
      expect(Object.keys(scores)).toHaveLength(4);
    }
    const picture = await readFile(svg, 'utf8');
    expect(picture).toMatch(/^<svg /);
    expect(picture).toContain('>streaming<');
  });

  it('continues lines where it is asked to, and prints a table and a sentence', async () => {
    const { code, stdout } = await loci([
      ...reading(),
      ...['--budget', '50%', '--policy', 'streaming', '--questions', '6', '--ask', 'line'],
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^6 of \d+ possible questions .* asked as lines to continue/);
    expect(stdout).toMatch(/Policy +Budget +Tokens held +KV memory +Exact +95 % interval/);
    expect(stdout).toMatch(/\nstreaming +50% +[\d,]+ +[\d.]+ MiB +[\d.]+ % .* to /);
    // Six questions are too few for a conclusion.
    expect(stdout).toMatch(/\n6 questions are too few to distinguish .* Ask more questions\.\n$/);
  });

  it('ends cleanly at Ctrl+C while it measures', async () => {
    let interrupted = false;
    const { code, stdout, stderr } = await loci(reading(), (text, child) => {
      if (interrupted || !text.includes('[2/')) return;
      interrupted = true;
      child.kill('SIGINT');
    });
    expect(interrupted).toBe(true);
    expect(code).toBe(130);
    expect(stdout).toBe('');
    expect(stderr.trim().split('\n').at(-1)).toBe('Cancelled.');
  });

  it('says where a repository has nothing to ask about', async () => {
    const folder = join(parent, 'prose');
    await writeRepository(
      { ...repository, files: new Map([['a.md', 'Prose.\n'.repeat(400)]]) },
      folder,
    );
    const { code, stderr } = await loci([
      ...['quality', '--repo', folder, '--gpu', 'cpu', '--budget', '50%'],
    ]);
    expect(code).toBe(1);
    expect(stderr.trim().split('\n').at(-1)).toMatch(
      /^None of the 1 files has a line to ask about/,
    );
  });

  it.each([
    [['--recall', 'both'], /--recall must be off here/],
    [['--budget', '10%,'], /--budget has an empty part/],
    [['--policy', 'laprox,fast'], /--policy must be a list of .* not "fast"/],
    [['--policy', 'full'], /names no policy that evicts/],
    [['--ask', 'nicely'], /--ask must be one of line, words/],
    [['--svg', '/no/such/folder/a.svg'], /--svg cannot be written/],
  ])('refuses %j before it reads anything', async (more, message) => {
    const { code, stdout, stderr } = await loci([...reading(), ...more]);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
  });
});
