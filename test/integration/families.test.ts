/**
 * Models of each family, of random weights: what the addon computes with one is stock llama.cpp's,
 * keys move beyond the trained context, and a repository longer than that is read and asked about.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { libraryCandidates } from '../../extension/models/libraries.ts';
import { validateModel } from '../../extension/models/validate.ts';
import { nativeBuildDirectory } from '../../scripts/support/paths.mjs';
import type { Architecture } from '../tools/random-gguf.ts';
import { architectures, shapes, writeRandomModel } from '../tools/random-gguf.ts';
import { asking, never, onSlowDevice, opening, startEngine } from './support/engine.ts';
import { sampleRepository, temporaryFolder } from './support/folders.ts';

const { session } = await startEngine();
const repository = await sampleRepository({ tokens: 1_500 });
const folder = await temporaryFolder();
const fileOf = (architecture: Architecture): string => join(folder, `${architecture}.gguf`);
const ignore = (): void => undefined;
const budget = { unit: 'tokens', value: 128 } as const;

/** Four layers: one of SmolLM3 has no rotation, the last of GLM-4.5 predicts several tokens. */
const shape = { ...shapes.brief, layers: 4, context: 512 };

beforeAll(async () => {
  for (const architecture of architectures) {
    await writeRandomModel(fileOf(architecture), { ...shape, architecture }, 5);
  }
});

describe.each(architectures)('a model of the family %s', (architecture) => {
  it('is sound by its header, and says which layers it runs', async () => {
    const validation = await validateModel(fileOf(architecture));
    expect(validation).toMatchObject({
      ok: true,
      model: { architecture, layers: architecture === 'glm4moe' ? 3 : 4 },
    });
  });

  it.skipIf(onSlowDevice)('computes as stock llama.cpp does, and moves its keys', async () => {
    const [candidate] = await libraryCandidates('cpu');
    if (candidate?.available !== true) throw new Error('There are no libraries for the CPU.');
    const { stdout } = await promisify(execFile)(join(nativeBuildDirectory, 'family_test'), {
      env: {
        ...process.env,
        LOCI_TEST_LIBRARIES: candidate.directory,
        LOCI_TEST_FAMILIES: fileOf(architecture),
      },
    });
    expect(stdout).toContain('4 passed, 0 failed');
  });

  it('reads a repository longer than its context, and answers', async () => {
    const modelPath = fileOf(architecture);
    const opened = await session.open(opening(repository.root, { modelPath, budget }), never);
    expect(opened.complete).toBe(true);
    expect(opened.repository.tokens).toBeGreaterThan(2 * shape.context);
    expect(opened.notices.filter((notice) => notice.includes('does not know'))).toHaveLength(
      architecture === 'glm4moe' ? 1 : 0,
    );
    const answer = await session.ask(asking('What is it?', { maxTokens: 4 }), ignore, never);
    expect(answer.outputTokens).toBeGreaterThan(0);
  });
});
