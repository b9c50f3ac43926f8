import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defaultPolicy, kvTypes, policyNames } from '../../extension/protocol/policies.ts';

const setting = z.object({
  default: z.string(),
  enum: z.array(z.string()),
  enumDescriptions: z.array(z.string()),
});
const manifestSchema = z.object({
  contributes: z.object({
    configuration: z.object({
      properties: z.object({ 'loci.policy': setting, 'loci.kvType': setting }),
    }),
  }),
});

describe('the settings', () => {
  it('offer every policy and every storage type, each with a sentence', async () => {
    const file = new URL('../../package.json', import.meta.url);
    const manifest = manifestSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    const { 'loci.policy': policy, 'loci.kvType': kvType } =
      manifest.contributes.configuration.properties;
    expect([...policy.enum].sort()).toEqual([...policyNames].sort());
    expect(policy.enumDescriptions).toHaveLength(policy.enum.length);
    expect(policy.default).toBe(defaultPolicy);
    expect(kvType.enum).toEqual([...kvTypes]);
    expect(kvType.enumDescriptions).toHaveLength(kvTypes.length);
  });
});
