import { describe, expect, it } from 'vitest';
import { mcpCommand } from '../../cli/mcp.ts';
import { keepOption } from '../../cli/keep-option.ts';
import { parseCommand } from '../../cli/command.ts';
import { openParameters } from '../../cli/options.ts';
import type { OpenParameters } from '../../protocol/requests/open.ts';
import { mcpArguments } from './mcp-arguments.ts';

const parameters: OpenParameters = {
  modelPath: '/models/a model.gguf',
  gpu: 'cpu',
  roots: ['/code/one', '/code/-two'],
  budget: { unit: 'percent', value: 12.5 },
  policy: 'laprox',
  policyParameters: {},
  kvType: 'q8_0',
  threads: 3,
  workingTokens: 2048,
};

describe('the command line of the editor', () => {
  it.each([
    parameters,
    { ...parameters, modelPath: null, budget: { unit: 'tokens', value: 3000 } },
    { ...parameters, budget: { unit: 'mebibytes', value: 1536 } },
  ] as const)('is read as the same parameters', (given) => {
    const [name, ...argv] = mcpArguments(given, 'identifiers');
    expect(name).toBe('mcp');
    const parsed = parseCommand(mcpCommand, argv);
    expect(openParameters(parsed)).toEqual(given);
    expect(parsed.values.get('on-demand')).toBe(true);
    expect(parsed.values.get('recall')).toBe('identifiers');
  });

  it.each([
    ['/kept', true],
    ['/code', true],
    ['/code/..one', true],
    ['/code/one', false],
    ['/code/one/.kept', false],
    ['/code/one/..kept', false],
  ])('keeps in %s: %s', (folder, keeps) => {
    const keep = { folder, restore: false, limitBytes: 1 };
    const [, ...argv] = mcpArguments({ ...parameters, keep }, 'both');
    const parsed = parseCommand(mcpCommand, argv);
    const wanted = keeps ? { keep: { folder, restore: true } } : {};
    expect(keepOption(parsed, parameters.roots)).toEqual(wanted);
  });
});
