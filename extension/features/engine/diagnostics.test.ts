import { describe, expect, it } from 'vitest';
import { openResult } from '../../../test/fixtures/open-result.ts';
import { baseName, diagnosticsText } from './diagnostics.ts';
import type { Diagnosed } from './diagnostics.ts';
import { Failures } from './failures.ts';

const secret = '/home/ada/secret-project';
const result = openResult({
  roots: [{ name: 'secret-project', path: secret }],
  files: [{ path: 'secret-project/plan.ts', tokens: 3, kept: 1 }],
  skipped: [],
  notices: [`${secret} was changed.`],
  suggestions: ['What is the value of SECRET?'],
  model: { name: 'm', path: `${secret}/m.gguf`, architecture: 'llama', bundled: false },
});
const known: Diagnosed = {
  versions: { Loci: '1.2.3', Code: '1.139.0 (local)' },
  model: {
    ok: true,
    model: {
      ...{ path: `${secret}/my-model.gguf`, name: 'My\nModel\u202e', architecture: 'qwen2' },
      ...{ known: true, bundled: false, fileBytes: 2 ** 30, parameters: 494_000_000 },
      ...{ trainedContext: 32_768, fillsInMiddle: true, bytesPerThousandTokens: 1 },
      ...{ fits: 'cpu', freeBytes: 2 ** 31, largestBudgetTokens: 5 },
    },
  },
  settings: {
    'loci.modelPath': `${secret}/my-model.gguf`,
    'loci.budget': '10%',
    'loci.policy': 'C:\\Users\\ada\\secret-project',
    'loci.threads': 0,
    'loci.device': undefined,
  },
  devices: [
    { name: 'CPU', description: 'A chip', kind: 'cpu', freeBytes: 2 ** 30, totalBytes: 2 ** 31 },
  ],
  state: { kind: 'ready', result, notice: `${secret} was changed.` },
  enginePid: 5,
  failures: [{ at: new Date(0), code: 'model-invalid' }],
};

describe('diagnostics', () => {
  it('say what is needed', () => {
    const text = diagnosticsText(known);
    for (const line of [
      'Loci: 1.2.3',
      'name: My Model\uFFFD',
      'file: my-model.gguf, 1.0 GiB',
      'loci.modelPath: …/my-model.gguf',
      'loci.budget: "10%"',
      'loci.device: not set',
      'CPU (cpu): A chip, 1.0 GiB of 2.0 GiB free',
      'running',
      'state: ready',
      'read: 1 file, 5,000 tokens, 1 tokens/s',
      '1970-01-01T00:00:00.000Z model-invalid',
    ]) {
      expect(text).toContain(`- ${line}\n`);
    }
  });

  it.each<[string, Partial<Diagnosed>]>([
    ['a memory', {}],
    [
      'a reading',
      {
        state: {
          kind: 'reading',
          cause: 'requested',
          progress: null,
          cancelling: false,
          notice: secret,
          result,
        },
      },
    ],
    [
      'a failure',
      { state: { kind: 'failed', code: 'model-invalid', message: `${secret}/m.gguf is damaged.` } },
    ],
    ['a crash', { state: { kind: 'restarting', message: secret, delayMs: 1 } }],
    ['a model that is refused', { model: { ok: false, message: `${secret}/m.gguf is damaged.` } }],
    ['nothing', { model: null, devices: null, failures: [], enginePid: null }],
  ])('of %s name no folder, file of the repository or question', (_, change) => {
    const text = diagnosticsText({ ...known, ...change });
    expect(text).not.toMatch(/home|ada|plan\.ts|SECRET|Users/u);
    expect(text.replaceAll('…/secret-project', '')).not.toContain('secret-project');
  });
});

it.each([
  ['/a/b.gguf', 'b.gguf'],
  ['C:\\a\\b.gguf', 'b.gguf'],
  ['/a/b/', 'b'],
  ['/', ''],
])('takes the last part of %s', (path, name) => {
  expect(baseName(path)).toBe(name);
});

it('remembers the last ten failures, each once', () => {
  const failures = new Failures();
  const at = new Date(0);
  for (let index = 0; index < 12; index++) {
    const state = { kind: 'failed', code: 'model-invalid', message: String(index) } as const;
    failures.update(state, at);
    failures.update(state, at);
    failures.update({ kind: 'idle' }, at);
  }
  failures.update({ kind: 'restarting', message: '', delayMs: 1 }, at);
  expect(failures.all.length).toBe(10);
  expect(failures.all.at(-1)).toEqual({ at, code: 'engine-exited' });
});
