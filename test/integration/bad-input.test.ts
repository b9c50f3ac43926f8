import { open, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundledModelPath } from '../../extension/models/bundled.ts';
import { describeModel, shapes, writeRandomModel } from '../tools/random-gguf.ts';
import { writeGguf } from '../tools/gguf-writer.ts';
import { asking, failureOf, never, onSlowDevice, opening, startEngine } from './support/engine.ts';
import { folderOf, sampleRepository, temporaryFolder } from './support/folders.ts';

const { session, progress } = await startEngine();
const models = await temporaryFolder();
const root = await folderOf({ 'src/limits.ts': 'export const retryLimit = 4821;\n' });
const ignore = (): void => undefined;

/** What opening a model file ends with. */
function openModel(modelPath: string): ReturnType<typeof failureOf> {
  return failureOf(session.open(opening(root, { modelPath }), never));
}

/** One sentence: a capital, a full stop, no line break. */
const sentence = /^[^\n]{20,400}\.$/;

describe('a model file that cannot be used', () => {
  it('is refused in one sentence, before anything is loaded', async () => {
    const truncated = join(models, 'truncated.gguf');
    await writeFile(truncated, await readFile(bundledModelPath()));
    await truncate(truncated, 3_000_000);
    const text = join(models, 'text.gguf');
    await writeFile(text, 'This is no model.\n'.repeat(100));
    const unsupported = join(models, 'mamba.gguf');
    const shape = { ...shapes.tiny, architecture: 'mamba' };
    await writeGguf(
      unsupported,
      Object.fromEntries(
        Object.entries(describeModel(shapes.tiny, 1)).map(([key, value]) =>
          key === 'general.architecture'
            ? [key, { type: 'string', value: shape.architecture } as const]
            : [key.replace(/^llama\./, 'mamba.'), value],
        ),
      ),
      [],
    );
    const cases = [
      [truncated, 'model-invalid', /truncated\.gguf/],
      [text, 'model-invalid', /text\.gguf is not a valid GGUF/],
      [unsupported, 'model-unsupported', /mamba/],
      [join(models, 'missing.gguf'), 'model-not-found', /missing\.gguf does not exist/],
      [models, 'model-invalid', /is a folder/],
    ] as const;
    for (const [path, code, message] of cases) {
      const failure = await openModel(path);
      expect(failure.code).toBe(code);
      expect(failure.message).toMatch(message);
      expect(failure.message).toMatch(sentence);
    }
    expect(progress.map(({ phase }) => phase)).not.toContain('loading');
  });

  it('leaves the repository that is open as it is', async () => {
    await session.open(opening(root), never);
    expect((await openModel(join(models, 'text.gguf'))).code).toBe('model-invalid');
    const answer = await session.ask(asking('What is the value of retryLimit?'), ignore, never);
    expect(answer.answer).toBe('4821');
  });
});

describe('a model without a chat template', () => {
  it('is asked in plain text, and completes', async () => {
    const path = join(models, 'random.gguf');
    await writeRandomModel(path, shapes.tiny, 7);
    const opened = await session.open(opening(root, { modelPath: path }), never);
    expect(opened.model.architecture).toBe('llama');
    const answer = await session.ask(asking('What?', { maxTokens: 5 }), ignore, never);
    expect(answer.outputTokens).toBeLessThanOrEqual(5);
  });
});

describe('a folder that cannot be read', () => {
  it('is refused in one sentence', async () => {
    const empty = await temporaryFolder();
    const onlyImages = await folderOf({ 'a.png': Uint8Array.of(137, 80, 78, 71, 0, 0, 0, 13) });
    const file = join(root, 'src/limits.ts');
    const cases = [
      [empty, 'repository-empty'],
      [onlyImages, 'repository-empty'],
      [join(empty, 'missing'), 'repository-not-found'],
      [file, 'repository-not-a-directory'],
    ] as const;
    for (const [path, code] of cases) {
      const failure = await failureOf(session.open(opening(path), never));
      expect(failure.code).toBe(code);
      expect(failure.message).toMatch(sentence);
    }
  });
});

describe('a budget that cannot be kept', () => {
  it.each([
    [{ unit: 'tokens', value: 10 }, /10 tokens.*at least 64/],
    [{ unit: 'mebibytes', value: 0.01 }, /at least [\d.]+ MiB/],
  ] as const)('is refused with what would do: %o', async (budget, message) => {
    const failure = await failureOf(session.open(opening(root, { budget }), never));
    expect(failure.code).toBe('budget-too-small');
    expect(failure.message).toMatch(message);
    expect(failure.message).toMatch(sentence);
  });

  it('is refused by name where the model could hold it but the machine does not', async () => {
    const path = join(models, 'long.gguf');
    // A context that no machine holds; the weights are as small as ever.
    await writeRandomModel(path, { ...shapes.tiny, context: 2 ** 27 }, 7);
    const text = 'x = 1\n'.repeat(40_000);
    const files = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [`file${String(index)}.py`, text]),
    );
    await session.open(opening(root), never);
    const { memory } = session.state;
    const failure = await failureOf(
      session.open(
        opening(await folderOf(files), {
          modelPath: path,
          budget: { unit: 'mebibytes', value: 10_000_000 },
        }),
        never,
      ),
    );
    // Nothing was given up for it.
    expect([session.state.memory, session.state.status]).toEqual([memory, 'ready']);
    expect(failure.code).toBe('out-of-memory');
    expect(failure.message).toMatch(
      /needs [\d,.]+ [GT]iB.*are free\. Use a budget of at most [\d,]+ tokens/,
    );
  });
});

describe('files as they come', () => {
  it('leaves out a line of 50 MB, with the reason', async () => {
    const folder = await folderOf({ 'src/limits.ts': 'export const retryLimit = 4821;\n' });
    const huge = await open(join(folder, 'huge.js'), 'w');
    for (let megabyte = 0; megabyte < 50; megabyte += 1) await huge.write('a'.repeat(2 ** 20));
    await huge.close();
    const opened = await session.open(opening(folder), never);
    const detail = 'is larger than 256 KiB';
    expect(opened.skipped).toEqual([{ path: 'huge.js', reason: 'too-large', detail }]);
    const retention = await failureOf(session.retention({ path: 'huge.js' }, never));
    expect(retention.message).toMatch(/skipped because it is larger than 256 KiB/);
  });

  it('reads invalid UTF-8 without breaking off', async () => {
    const bytes = Buffer.concat([
      Buffer.from('export const retryLimit = 4821; // caf'),
      Buffer.of(0xe9, 0x0a),
      Buffer.from('export const otherName = 77;\n'),
    ]);
    const opened = await session.open(opening(await folderOf({ 'src/latin.ts': bytes })), never);
    expect(opened.files.map(({ path }) => path)).toEqual(['src/latin.ts']);
    const answer = await session.ask(asking('What is the value of retryLimit?'), ignore, never);
    expect(answer.answer).toBe('4821');
  });

  it('goes on where a file disappears between listing and reading', async () => {
    const sample = await sampleRepository({ tokens: onSlowDevice ? 900 : 3000, seed: 5 });
    const last = [...sample.files.keys()];
    const before = progress.length;
    const opening_ = session.open(opening(sample.root), never);
    while (!progress.slice(before).some(({ phase }) => phase === 'loading')) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    const removed = last.at(-1) ?? '';
    await rm(join(sample.root, removed));
    const opened = await opening_;
    expect(opened.complete).toBe(true);
    expect(opened.skipped).toEqual([{ path: removed, reason: 'disappeared' }]);
    expect(opened.files.map(({ path }) => path)).not.toContain(removed);
  });
});

describe('parameters of a model that is loaded', () => {
  beforeAll(async () => {
    await session.open(opening(root), never);
  });

  it('refuses a device whose libraries another one excludes', async () => {
    const gpu = onSlowDevice ? 'cpu' : 'vulkan';
    const failure = await failureOf(session.open(opening(root, { gpu }), never));
    expect(['restart-required', 'device-not-found']).toContain(failure.code);
    expect(failure.message).toMatch(sentence);
  });
});
