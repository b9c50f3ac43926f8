/** A repository in, an answer out. Small enough for a GPU that is software. */
import { expect, it } from 'vitest';
import { asking, never, onSlowDevice, opening, startEngine, testGpu } from './support/engine.ts';
import { sampleRepository } from './support/folders.ts';

const { session } = await startEngine();
const repository = await sampleRepository({ questions: onSlowDevice ? 4 : 12 });

it('reads a repository that its budget does not hold, within its bytes', async () => {
  const opened = await session.open(opening(repository.root), never);
  expect(opened.gpu).toBe(testGpu);
  expect(opened.repository.tokens).toBeGreaterThan(2 * opened.budget.tokens);
  expect(opened.memory.peakKvBytes).toBeLessThanOrEqual(
    opened.budget.bytes + opened.memory.workingBytes,
  );
});

it('answers from what it reads again, with citations that are on disk', async () => {
  let right = 0;
  for (const { question, answer, path, line, endLine } of repository.questions) {
    const result = await session.ask(asking(question), () => undefined, never);
    expect(result.question).toBe(question);
    expect(result.attended).toBe('recalled');
    expect(result.promptTokens + result.outputTokens).toBeLessThanOrEqual(512);
    expect(result.recalledShare).toBeGreaterThan(0);
    expect(result.recalledShare).toBeLessThanOrEqual(1);
    if (result.answer !== answer) continue;
    right += 1;
    const cited = result.citations.some(
      (citation) =>
        citation.path === path && citation.line >= line - 3 && citation.line <= endLine + 3,
    );
    expect(cited, `${question} ${JSON.stringify(result.citations)}`).toBe(true);
  }
  // What the model does on a file alone: nine in ten.
  expect(right).toBeGreaterThanOrEqual(repository.questions.length * 0.65);
});
