/** The tables of docs/policy-parameters.md, from the engine's descriptions of its policies. */

import type { PolicyParameterDescription } from '../../extension/protocol/requests/policy-parameters.ts';

/** A policy and all its parameters. */
export interface DescribedPolicy {
  readonly policy: string;
  readonly parameters: readonly PolicyParameterDescription[];
}

/** Returns the file as Markdown. `full`, which evicts nothing, has only the parameters it names. */
export function policyTables(policies: readonly DescribedPolicy[]): string {
  const evicting = policies.filter(({ policy }) => policy !== 'full');
  const shared = (evicting[0]?.parameters ?? [])
    .filter(({ name }) => evicting.every((policy) => valueOf(policy, name) !== undefined))
    .map((parameter) => ({ ...parameter, value: commonest(evicting, parameter.name) }));
  const sharedNames = new Set(shared.map(({ name }) => name));
  const own = new Map(
    evicting
      .flatMap(({ parameters }) => parameters)
      .filter(({ name }) => !sharedNames.has(name))
      .map((parameter) => [parameter.name, parameter]),
  );
  return [
    '# What a policy can be set by',
    '',
    'Each is given as `--set NAME=VALUE`; [memory-methods.md](memory-methods.md) says what the methods are and how',
    'they compare. This file is written from what `native-kernels/policy/methods` declares, and a test compares them:',
    '',
    '    npx vitest run --project integration -u test/integration/policy-parameters.test.ts',
    '',
    '## Each policy',
    '',
    'Its own parameters, and the shared ones that it sets otherwise.',
    '',
    ...rows(
      ['Policy', 'Own', 'Shared'],
      policies.map((policy) => policyRow(policy, shared)),
    ),
    '',
    '## Own parameters',
    '',
    ...rows(
      ['Parameter', 'Takes', 'What it does'],
      [...own.values()].map(({ name, range, help }) => [code(name), range, help]),
    ),
    '',
    '## Shared by every policy that evicts',
    '',
    ...rows(
      ['Parameter', 'Takes', 'What it does'],
      shared.map(({ name, value, range, help }) => [code(`${name}=${value}`), range, help]),
    ),
    '',
  ].join('\n');
}

function policyRow(
  policy: DescribedPolicy,
  shared: readonly PolicyParameterDescription[],
): readonly string[] {
  const common = new Map(shared.map(({ name, value }) => [name, value]));
  const own = policy.parameters.filter(({ name }) => !common.has(name) || policy.policy === 'full');
  const other = policy.parameters.filter(
    (parameter) => !own.includes(parameter) && common.get(parameter.name) !== parameter.value,
  );
  return [code(policy.policy), settings(own), settings(other)];
}

function settings(parameters: readonly PolicyParameterDescription[]): string {
  return parameters.map(({ name, value }) => code(`${name}=${value}`)).join(' ');
}

function valueOf({ parameters }: DescribedPolicy, wanted: string): string | undefined {
  return parameters.find(({ name }) => name === wanted)?.value;
}

/** Returns the value that most policies have; the first of several. */
function commonest(policies: readonly DescribedPolicy[], name: string): string {
  const values = policies.map((policy) => valueOf(policy, name) ?? '');
  const count = (value: string): number => values.filter((other) => other === value).length;
  return values.reduce((best, value) => (count(value) > count(best) ? value : best));
}

function code(text: string): string {
  return `\`${text}\``;
}

function rows(head: readonly string[], body: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...body.map(line)];
}
