/** Quantised storage: it costs what is said, within the trained context and beyond it, and answers. */
import { expect, it } from 'vitest';
import { kvBytes } from '../../extension/models/estimate.ts';
import { alikeLayers } from '../../extension/models/layer-table.ts';
import { asking, never, opening, startEngine } from './support/engine.ts';
import { sampleRepository } from './support/folders.ts';

const { session } = await startEngine();
const within = await sampleRepository({ tokens: 2200, seed: 12 });
const beyond = await sampleRepository({ tokens: 4400, seed: 11, questions: 6 });
const budget = { unit: 'tokens', value: 256 } as const;

for (const kvType of ['q8_0', 'q4_0'] as const) {
  const shape = { table: alikeLayers(6, 2, 64), kvType } as const;

  it(`${kvType}: a budget in bytes holds as many tokens as these bytes do`, async () => {
    const bytes = { unit: 'mebibytes', value: 0.5 } as const;
    const opened = await session.open(opening(within.root, { kvType, budget: bytes }), never);
    expect(opened.kvType).toBe(kvType);
    // Within the trained context no key moves.
    expect(opened.budget.tokens).toBe(Math.floor(2 ** 19 / kvBytes(shape, 1)));
    expect(opened.budget.bytes).toBe(kvBytes(shape, opened.budget.tokens));
    // An odd number of quantised rows is padded by the device, to 32 bytes a tensor.
    const padding = 31 * 2 * shape.table.length;
    expect(opened.memory.peakKvBytes).toBeLessThanOrEqual(
      opened.budget.bytes + opened.memory.workingBytes + padding,
    );
  });

  it(`${kvType}: a repository beyond the trained context is answered about`, async () => {
    const opened = await session.open(opening(beyond.root, { kvType, budget }), never);
    expect(opened.repository.tokens).toBeGreaterThan(4096);
    expect(opened.budget.bytes).toBe(kvBytes({ ...shape, movesKeys: true }, 256));
    expect(opened.memory.peakKvBytes).toBeLessThanOrEqual(
      opened.budget.bytes + opened.memory.workingBytes,
    );
    let right = 0;
    for (const { question, answer } of beyond.questions) {
      const result = await session.ask(asking(question), () => undefined, never);
      if (result.answer === answer) right += 1;
    }
    // As many as f16 must (main-job.test.ts).
    expect(right).toBeGreaterThanOrEqual(beyond.questions.length * 0.65);
  });
}
