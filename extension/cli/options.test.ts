import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { askCommand } from './ask.ts';
import { commandHelp, parseCommand, table } from './command.ts';
import {
  decimal,
  flag,
  integer,
  openParameters,
  recallMode,
  refinePolicy,
  texts,
} from './options.ts';
import { UsageError } from './usage-error.ts';

const parse = (...argv: string[]): ReturnType<typeof parseCommand> =>
  parseCommand(askCommand, argv);

describe('refinePolicy', () => {
  it('is ours where --refine names no other, and none without --refine', () => {
    expect(refinePolicy(parse('--repo', 'a'))).toBeNull();
    expect(refinePolicy(parse('--repo', 'a', '--refine'))).toBe('default');
    expect(refinePolicy(parse('--refine', '--refine-policy', 'kvzip'))).toBe('kvzip');
  });

  it('refuses a policy that does not reconstruct, and one without --refine', () => {
    expect(() => refinePolicy(parse('--refine', '--refine-policy', 'tova'))).toThrow(
      '--refine-policy must be one of default, kvzip, kvzip-plus, not "tova".',
    );
    expect(() => refinePolicy(parse('--refine-policy', 'kvzip'))).toThrow(UsageError);
  });
});

describe('openParameters', () => {
  it('has a default for all but the folder', () => {
    expect(openParameters(parse('--repo', 'a'))).toEqual({
      modelPath: null,
      gpu: 'auto',
      roots: [resolve('a')],
      budget: { unit: 'tokens', value: 2048 },
      policy: 'default',
      policyParameters: {},
      kvType: 'f16',
      threads: 0,
      workingTokens: 4096,
    });
  });

  it('takes what is given', () => {
    const parsed = parse(
      ...['--repo', 'a', '--repo', '/b', '--model', 'm.gguf', '--budget', '10%'],
      ...[
        '--policy',
        'ahakv',
        '--gpu',
        'vulkan',
        '--threads',
        '3',
        '--working-tokens',
        '2000',
        '--recall',
        'off',
        '--json',
      ],
      ...['--question', 'one', '--question=two', '--max-tokens', '5', '--temperature', '0.7'],
    );
    expect(openParameters(parsed)).toEqual({
      modelPath: resolve('m.gguf'),
      gpu: 'vulkan',
      roots: [resolve('a'), '/b'],
      budget: { unit: 'percent', value: 10 },
      policy: 'ahakv',
      policyParameters: {},
      kvType: 'f16',
      threads: 3,
      workingTokens: 2000,
    });
    expect(recallMode(parsed)).toBe('off');
    expect(texts(parsed, 'question')).toEqual(['one', 'two']);
    expect(integer(parsed, 'max-tokens', 1, 1)).toBe(5);
    expect(decimal(parsed, 'temperature', 0, 10)).toBe(0.7);
    expect(flag(parsed, 'json')).toBe(true);
    expect(flag(parsed, 'verbose')).toBe(false);
  });

  it.each([
    [[], /--repo is missing/],
    [['--repo', ''], /--repo is missing/],
    [['--repo', 'a', '--policy', 'lru'], /--policy must be one of default, .*laprox.*, not "lru"/],
    [['--repo', 'a', '--gpu', 'tpu'], /--gpu must be one of auto, cpu/],
    [['--repo', 'a', '--budget', 'much'], /not a budget/],
    [['--repo', 'a', '--budget', '120%'], /not a budget/],
  ])('refuses %j', (argv, message) => {
    expect(() => openParameters(parse(...argv))).toThrow(UsageError);
    expect(() => openParameters(parse(...argv))).toThrow(message);
  });
});

describe('--encoding', () => {
  it.each([
    ['windows1251', 'windows-1251'],
    ['CP1251', 'windows-1251'],
    ['shift_jis', 'shift_jis'],
    ['latin1', 'windows-1252'],
  ])('%s speaks for all files', (name, encoding) => {
    expect(openParameters(parse('--repo', 'a', '--encoding', name)).encodings).toEqual([
      { root: null, names: [], encoding },
    ]);
  });

  it.each(['utf8', 'UTF-8'])('%s states nothing', (name) => {
    expect(openParameters(parse('--repo', 'a', '--encoding', name)).encodings).toBeUndefined();
  });

  it.each(['klingon', '', 'cp437'])('refuses %j and names others', (name) => {
    expect(() => openParameters(parse('--repo', 'a', `--encoding=${name}`))).toThrow(
      new UsageError(
        `--encoding does not support "${name}". Use an encoding such as windows-1251, iso-8859-2, shift_jis, gb18030, koi8-r.`,
      ),
    );
  });
});

describe('numbers', () => {
  it.each(['0', '-1', '1.5', 'many', '', '1e3'])('refuses %j as a count', (value) => {
    expect(() => integer(parse(`--max-tokens=${value}`), 'max-tokens', 1, 1)).toThrow(
      /--max-tokens must be a whole number of at least 1/,
    );
  });

  it('names both ends of a range, and refuses a negative decimal', () => {
    expect(() => integer(parse('--seed', '5000000000'), 'seed', 0, 0, 4294967295)).toThrow(
      /from 0 to 4294967295/,
    );
    for (const value of ['-1', '50', '10.1', 'hot', '', ' ', '1e1', '0x1', 'Infinity', 'NaN']) {
      expect(() => decimal(parse(`--temperature=${value}`), 'temperature', 0, 10)).toThrow(
        /^--temperature must be a number from 0 to 10, not /,
      );
    }
  });
});

describe('parseCommand', () => {
  it.each([
    [
      ['--bogus'],
      /^--bogus is not an option of loci ask\. Choose from --repo, .*--json, --verbose\.$/,
    ],
    [['positional'], /positional/],
    [['--repo'], /^--repo has no value\. Write --repo=DIR\.$/],
    [['--json=yes'], /^--json takes no value\.$/],
    [['--model', '--json'], /^--model has no value\. Write --model=GGUF\.$/],
    [['--budget', '1', '--budget', '2'], /^--budget is given twice\. Give it once\.$/],
    [['a\u001b[31mb\n'], /^Unexpected argument "a\uFFFD\[31mb"\. /],
  ])('refuses %j in one line', (argv, message) => {
    expect(() => parse(...argv)).toThrow(UsageError);
    expect(() => parse(...argv)).toThrow(message);
  });
});

describe('help', () => {
  it('names every option and wraps its text under itself', () => {
    const help = commandHelp(askCommand);
    for (const name of Object.keys(askCommand.options)) expect(help).toContain(`--${name}`);
    for (const line of help.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
    expect(table([['a', 'word '.repeat(40).trim()]]).every((line) => line.length <= 100)).toBe(
      true,
    );
  });
});
