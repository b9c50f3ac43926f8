import { describe, expect, it } from 'vitest';
import { policyNames } from '../../extension/protocol/policies.ts';
import { loci } from './loci.ts';

describe('loci, misused', () => {
  it.each([
    [[], /Usage: loci COMMAND/],
    [['dance'], /There is no command "dance"\. Choose ask, retention/],
    [['ask'], /--repo is missing\. See "loci ask --help"\./],
    [['ask', '--repo', '.'], /--question is missing\. Ask at least one\./],
    [
      ['ask', '--repo', '/no/such/folder', '--question', 'a'],
      /\/no\/such\/folder, but it does not/,
    ],
    [['ask', '--repo', 'package.json', '--question', 'a'], /but it is not a folder/],
    [['ask', '--repo', '.', '--question', 'a', '--temperature', '50'], /from 0 to 10, not "50"/],
    [['ask', '--repo', '.', '--question', 'a', '--budget', '110%'], /not a budget/],
    [['ask', '--repo', '.', '--question', 'a', '--seed', '-1'], /--seed/],
    [['quality', '--repo', '.', '--svg', '.'], /--svg cannot be written to \.: it is a folder/],
    [['quality', '--repo', '.', '--svg', '/no/dir/a.svg'], /\/no\/dir is not a writable folder/],
    [
      ['quality', '--repo', '.', '--svg', 'a.svg/'],
      /--svg cannot be written to a\.svg\/: it is a f/,
    ],
    [['ask', '--repo', '.', '--policy', 'x'], /--policy must be one of/],
    [['ask', '--repo', '.', '--question', ' '], /--question is empty/],
    [['ask', '--repo', '.', '--question-aware'], /--question is missing/],
    [
      ['ask', '--repo', '.', '--question-aware', '--question', 'a', '--question', 'b'],
      /--question-aware .* one --question/,
    ],
    [['complete', '--repo', '.'], /--file is missing/],
    [['models', '--budget', '10%'], /a share needs a repository/],
    [['policies', 'lru'], /There is no policy "lru"\. Choose default, .*full\./],
    [['bench', '--repo', '.', '--max-tokens', '0'], /--max-tokens/],
  ])('%j: exit code 2 and a sentence', async (argv, message) => {
    const { code, stdout, stderr } = await loci(argv);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
  });

  it.each([['--help'], ['ask', '--help'], ['models', '-h']])('helps: %s %s', async (...argv) => {
    const { code, stdout, stderr } = await loci(argv);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Usage: loci /);
    expect(stderr).toBe('');
  });
});

describe('loci policies', () => {
  it('lists every policy', async () => {
    const { code, stdout } = await loci(['policies']);
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toEqual([...policyNames]);
  });

  it('says what those named can be set by', async () => {
    const { code, stdout, stderr } = await loci(['policies', 'tova', 'full']);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toMatch(
      /^tova:\n {2}carry=0 +What .*\n[^]*\n {2}window=1 +How many[^]*\n\nfull:\n/,
    );
    expect(stdout).toMatch(/full:\n {2}layout=rectangular .*\n.*Allowed: one of\s+rectangular,/);
  });

  it('says the same to programs', async () => {
    const { code, stdout } = await loci(['policies', 'full', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      policies: [{ policy: 'full', parameters: [{ name: 'layout', value: 'rectangular' }] }],
    });
  });
});

describe('loci, failing', () => {
  it.each([
    [['--repo', '.', '--model', '/no/such.gguf'], /model file .* does not exist/],
    [['--repo', '.', '--model', 'package.json'], /package\.json is not a valid GGUF model/],
  ])('%j: exit code 1 and one sentence on stderr', async (argv, message) => {
    const { code, stdout, stderr } = await loci([
      ...['ask', '--json', '--gpu', 'cpu', '--question', 'What?'],
      ...argv,
    ]);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    const last = stderr.trim().split('\n').at(-1) ?? '';
    expect(last).toMatch(message);
    expect(last).toMatch(/\.$/);
  });
});
