import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { answerSchema } from '../../extension/protocol/answer.ts';
import { openResultSchema } from '../../extension/protocol/requests/open.ts';
import { generateRepository } from '../quality/generator/repository.ts';
import { shapes, writeRandomModel } from '../tools/random-gguf.ts';
import { writeRepository } from '../tools/write-repository.ts';
import { loci } from './loci.ts';

const repository = generateRepository({ seed: 21, tokens: 1500, questions: 6 });
let parent = '';
let root = '';
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'loci-cli-'));
  root = join(parent, repository.name);
  await writeRepository(repository, root);
});
afterAll(() => rm(parent, { recursive: true, force: true }));

const openedSchema = openResultSchema;

/** The arguments of every command here. */
const reading = (): string[] => ['--repo', root, '--gpu', 'cpu', '--budget', '20%'];

describe('loci ask', () => {
  it('prints one JSON document by the contract, and nothing else', async () => {
    const questions = repository.questions.map(({ question }) => question);
    const { code, stdout, stderr } = await loci([
      'ask',
      ...reading(),
      ...['--policy', 'ahakv', '--json', '--max-tokens', '24', '--always-answer'],
      ...questions.flatMap((question) => ['--question', question]),
    ]);
    expect(stderr).toMatch(/read \d+ files, [\d,]+ tokens in/);
    expect(code).toBe(0);
    const document: unknown = JSON.parse(stdout);
    const opened = openedSchema.parse(document);
    const { answers } = z.object({ answers: z.array(answerSchema) }).parse(document);
    expect(opened).toMatchObject({ gpu: 'cpu', policy: 'ahakv', complete: true });
    expect(opened.repository.files).toBe(repository.files.size);
    expect(opened.memory.peakKvBytes).toBeLessThanOrEqual(
      opened.budget.bytes + opened.memory.workingBytes,
    );
    expect(answers.map(({ question }) => question)).toEqual(questions);
    const right = answers.filter(
      ({ answer }, index) => answer === repository.questions[index]?.answer,
    );
    expect(right.length).toBeGreaterThanOrEqual(4);
  });

  it('keeps the memory in a folder, and takes it from there the next time', async () => {
    const question = repository.questions[0]?.question ?? '';
    const folder = join(parent, 'kept');
    const ask = ['ask', ...reading(), '--keep', folder, '--question', question];
    const first = await loci(ask);
    expect(first.stderr).toMatch(/read \d+ files/);
    const second = await loci(ask);
    expect(second).toMatchObject({ code: 0, stdout: first.stdout });
    expect(second.stderr).toMatch(/has \d+ files from disk, [\d,]+ tokens that took/);
    expect(second.stderr).not.toMatch(/Reading:/);
    const other = await loci([...ask, '--kv-type', 'q8_0']);
    expect(other.stderr).toContain(
      'The kept memory holds keys and values of another type; the repository is read again.',
    );
    const inside = await loci(['ask', ...reading(), '--keep', join(root, 'x'), ...ask.slice(-2)]);
    expect(inside.code).toBe(2);
    expect(inside.stderr).toContain(
      '--keep names a folder of the repository. Name one outside of it.',
    );
  });

  it('streams answers and where they come from, for people', async () => {
    const [first, second] = repository.questions;
    const { code, stdout } = await loci([
      ...['ask', ...reading(), '--max-tokens', '24', '--always-answer'],
      ...['--question', first?.question ?? '', '--question', second?.question ?? ''],
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain(`> ${first?.question ?? ''}\n`);
    expect(stdout).toMatch(/read again: \S+:\d+-\d+ \((attention|identifiers|both)\)/);
  });

  it('prints passages for what the bundled model cannot answer, and says so in JSON', async () => {
    const known = repository.questions.find(({ kind }) => kind === 'file');
    const question = `How does ${known?.key ?? ''} work?`;
    const asked = [...reading(), '--question', question];
    const { code, stdout } = await loci(['ask', ...asked]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Here is where I would look:\n\n/);
    expect(stdout).toContain(`\n${known?.path ?? ''}:${String(known?.line)}\n`);
    expect(stdout).toMatch(/^> +\d+ {2}.+$/mu);
    const json = await loci(['ask', ...asked, '--json']);
    const { answers } = z.object({ answers: z.array(answerSchema) }).parse(JSON.parse(json.stdout));
    expect(answers[0]).toMatchObject({ kind: 'passages', outputTokens: 0 });
  });

  it('refines what was read, tells how far it is, and answers from the better memory', async () => {
    const [known] = repository.questions;
    const { code, stdout, stderr } = await loci([
      ...['ask', ...reading(), '--refine', '--json', '--max-tokens', '24', '--always-answer'],
      ...['--question', known?.question ?? ''],
    ]);
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /read \d+ files, .*\n(.*\n)*Refining: .*\n(.*\n)*.*read \d+ files again, /,
    );
    const document: unknown = JSON.parse(stdout);
    const opened = openedSchema.parse(document);
    const { answers } = z.object({ answers: z.array(answerSchema) }).parse(document);
    expect(opened).toMatchObject({ policy: 'default', refined: true, complete: true });
    expect(opened.policyParameters).toMatchObject({ rows: 'repeat' });
    expect(opened.memory.peakKvBytes).toBeLessThanOrEqual(
      opened.budget.bytes + opened.memory.workingBytes,
    );
    expect(answers[0]?.answer).toBe(known?.answer);
  });

  it('ends cleanly at Ctrl+C while it refines', async () => {
    let interrupted = false;
    const { code, stdout, stderr } = await loci(
      ['ask', ...reading(), '--refine', '--json', '--question', 'What?'],
      (text, child) => {
        if (interrupted || !text.includes('Refining: ')) return;
        interrupted = true;
        child.kill('SIGINT');
      },
    );
    expect({ interrupted, code, stdout }).toEqual({ interrupted: true, code: 130, stdout: '' });
    expect(stderr.trim().split('\n').at(-1)).toBe('Cancelled.');
  });

  it('ends cleanly at Ctrl+C, with exit code 130 and no result', async () => {
    let interrupted = false;
    const { code, stdout, stderr } = await loci(
      [
        ...['ask', ...reading(), '--json', '--max-tokens', '400', '--temperature', '3'],
        '--always-answer',
        ...Array.from({ length: 40 }, () => ['--question', 'Describe it.']).flat(),
      ],
      (text, child) => {
        if (interrupted || !text.includes('tokens in')) return;
        interrupted = true;
        child.kill('SIGINT');
      },
    );
    expect(interrupted).toBe(true);
    expect(code).toBe(130);
    expect(stdout).toBe('');
    expect(stderr.trim().split('\n').at(-1)).toBe('Cancelled.');
  });

  it('stops reading at Ctrl+C', async () => {
    const large = generateRepository({ seed: 22, tokens: 60_000, questions: 1 });
    const folder = join(parent, 'large');
    await writeRepository(large, folder);
    let interrupted = false;
    const { code, stderr } = await loci(
      ['ask', '--repo', folder, '--gpu', 'cpu', '--question', 'What?'],
      (text, child) => {
        // A second signal would end it at once.
        if (interrupted || !text.includes('Reading: ')) return;
        interrupted = true;
        child.kill('SIGINT');
      },
    );
    expect(code).toBe(130);
    expect(stderr.trim().split('\n').at(-1)).toBe('Cancelled.');
  });

  it('is told to use what the machine does not have', async () => {
    const { code, stderr } = await loci([
      ...['ask', '--repo', root, '--gpu', 'metal', '--question', 'What?'],
    ]);
    // Only Apple machines have Metal.
    if (process.platform === 'darwin') return;
    expect(code).toBe(1);
    expect(stderr).toMatch(/no metal build/i);
  });
});

describe('loci retention', () => {
  const fileSchema = z.object({
    path: z.string(),
    tokens: z.number(),
    kept: z.number(),
    lines: z.array(z.number()),
  });

  it('prints what is held by file, line, layer and head', async () => {
    const { code, stdout } = await loci(['retention', ...reading(), '--json']);
    expect(code).toBe(0);
    const document = z
      .object({ files: z.array(fileSchema), heads: z.array(z.array(z.number())) })
      .parse(JSON.parse(stdout));
    expect(document.heads).toHaveLength(6);
    for (const { path, lines } of document.files) {
      expect(lines).toHaveLength(
        (repository.files.get(path) ?? '').replace(/\n$/, '').split('\n').length,
      );
    }
  });

  it('shows a table of files, and of one file lines', async () => {
    const all = await loci(['retention', ...reading()]);
    expect(all.stdout).toMatch(/held\s+tokens\s+file/);
    const [path = ''] = repository.files.keys();
    expect(all.stdout).toContain(path);
    const one = await loci(['retention', ...reading(), '--file', path]);
    expect(one.stdout).toMatch(/^\s+line\s+held\n\s+1\s+\S+ ?%/);
  });
});

describe('loci complete', () => {
  it('completes at a line and a column', async () => {
    const [path = ''] = repository.files.keys();
    const place = ['--file', path, '--line', '2', '--column', '1', '--max-tokens', '12'];
    const { code, stdout } = await loci(['complete', ...reading(), ...place, '--json']);
    expect(code).toBe(0);
    const { completion } = z
      .object({ completion: z.object({ text: z.string(), outputTokens: z.number() }) })
      .parse(JSON.parse(stdout));
    expect(completion.outputTokens).toBeLessThanOrEqual(12);
    const beyond = await loci([
      'complete',
      ...reading(),
      '--file',
      path,
      '--line',
      '9999',
      '--column',
      '1',
    ]);
    expect(beyond.code).toBe(2);
    expect(beyond.stderr).toMatch(/--line is 9999, but the file has \d+ lines/);
  });
});

describe('loci models', () => {
  it('lists the bundled model with its estimate, and says why another cannot be used', async () => {
    const { code, stdout } = await loci(['models', 'package.json', '--json']);
    expect(code).toBe(0);
    const { models } = z
      .object({
        models: z.array(
          z.object({
            usable: z.boolean(),
            fits: z.string().optional(),
            reason: z.string().optional(),
            layers: z.array(z.string()).optional(),
            completion: z.object({ family: z.string(), order: z.string() }).nullish(),
            estimate: z.object({ kvBytes: z.number(), totalBytes: z.number() }).optional(),
          }),
        ),
      })
      .parse(JSON.parse(stdout));
    expect(models).toHaveLength(2);
    // 6 layers of 2 heads of 64 values, keys and values, 2 bytes each, for budget and chunk.
    expect(models[0]?.estimate?.kvBytes).toBe(6 * 2 * 64 * 2 * 2 * (2048 + 512));
    expect(models[0]?.fits).toBeDefined();
    expect(models[0]?.layers).toEqual([
      '6 layers with full attention',
      '3.0 KiB of keys and values for each remembered token',
    ]);
    expect(models[0]?.completion).toEqual({ family: 'Qwen Coder', order: 'prefix-first' });
    expect(models[1]).toMatchObject({ usable: false });
    expect(models[1]?.reason).toMatch(/not a valid GGUF/);
  });

  it('says in words whether and how a model completes', async () => {
    const { stdout } = await loci(['models']);
    expect(stdout).toContain('completes as Qwen Coder does, prefix before suffix');
    expect(stdout).not.toContain('suggests next edits');
    const path = join(parent, 'sweep.gguf');
    await writeRandomModel(path, shapes.tiny, 1, {
      'general.basename': { type: 'string', value: 'sweep-next-edit' },
    });
    const { stdout: other } = await loci(['models', path]);
    expect(other).toContain('; suggests next edits as Sweep does');
  });
});

describe('loci bench', () => {
  it('measures reading and writing', async () => {
    const { code, stdout } = await loci(['bench', ...reading(), '--max-tokens', '16', '--json']);
    expect(code).toBe(0);
    const { speed } = z
      .object({ speed: z.record(z.string(), z.number()) })
      .parse(JSON.parse(stdout));
    expect(speed['readTokensPerSecond']).toBeGreaterThan(0);
    expect(speed['writeTokensPerSecond']).toBeGreaterThan(0);
  });
});
