/** `loci policies`: lists the parameters of a policy. */

import { policyNames } from '../protocol/policies.ts';
import type { PolicyName } from '../protocol/policies.ts';
import { plainLine } from '../protocol/plain-text.ts';
import { policyParametersRequest } from '../protocol/requests/policy-parameters.ts';
import type { PolicyParameterDescription } from '../protocol/requests/policy-parameters.ts';
import { table } from './command.ts';
import type { Command, CommandContext, ParsedArguments } from './command.ts';
import { flag, outputOptions } from './options.ts';
import { withOwnEngine } from './own-engine.ts';
import { UsageError } from './usage-error.ts';

export const policiesCommand: Command = {
  name: 'policies',
  summary: 'List the policies, or the parameters of the named ones.',
  usage: '[NAME]... [options]',
  positionals: true,
  options: outputOptions,
  run,
};

interface PolicyRow {
  readonly policy: PolicyName;
  readonly parameters: readonly PolicyParameterDescription[];
}

async function run(parsed: ParsedArguments, { terminal, signal }: CommandContext): Promise<void> {
  const named = parsed.positionals.map(policyNamed);
  const json = flag(parsed, 'json');
  if (named.length === 0 && !json) {
    terminal.out(`${policyNames.join('\n')}\n`);
    return;
  }
  const verbose = flag(parsed, 'verbose');
  const policies = await withOwnEngine({ terminal, verbose, signal }, async (client) => {
    const rows: PolicyRow[] = [];
    for (const policy of named.length === 0 ? policyNames : named) {
      const parameters = await client.request(policyParametersRequest, { policy }, signal);
      rows.push({ policy, parameters });
    }
    return rows;
  });
  if (json) terminal.json({ policies });
  else terminal.out(policies.map(report).join('\n'));
}

/** @throws UsageError */
function policyNamed(name: string): PolicyName {
  const found = policyNames.find((policy) => policy === name);
  if (found !== undefined) return found;
  throw new UsageError(
    `There is no policy "${plainLine(name, 40)}". Choose ${policyNames.join(', ')}.`,
  );
}

function report({ policy, parameters }: PolicyRow): string {
  const rows = parameters.map(({ name, value, range, help }): [string, string] => [
    `${name}=${value}`,
    `${help} Allowed: ${range}.`,
  ]);
  return [`${policy}:`, ...table(rows), ''].join('\n');
}
