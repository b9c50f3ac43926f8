import { describe, expect, it } from 'vitest';
import { loadAddon } from '../../extension/engine/native/addon.ts';
import { cacheDirectory } from '../../extension/engine/native/cache-directory.ts';
import { policyNames } from '../../extension/protocol/policies.ts';
import { policyParametersRequest } from '../../extension/protocol/requests/policy-parameters.ts';
import { policyTables } from '../tools/policy-tables.ts';

const { addon } = await loadAddon(cacheDirectory());

describe('the parameters of the policies', () => {
  it('are those of the documentation', async () => {
    const policies = policyNames.map((policy) => ({
      policy,
      parameters: addon.policyParameters(policy),
    }));
    await expect(policyTables(policies)).toMatchFileSnapshot('../../docs/policy-parameters.md');
  });

  it.each(policyNames)('are described as the protocol says, and can be set: %s', (policy) => {
    const parameters = policyParametersRequest.result.parse(addon.policyParameters(policy));
    for (const { name, value } of parameters) {
      addon.policyRows({ name: policy, parameters: { [name]: value } });
      expect(() => addon.policyRows({ name: policy, parameters: { [name]: '?' } })).toThrow(
        new RegExp(`^The parameter ${name} of the policy ${policy} must be `, 'u'),
      );
    }
  });

  it('are those of a policy that exists', () => {
    expect(() => addon.policyParameters('lru')).toThrow(/no policy "lru"; choose one of .*snapkv/);
  });
});
