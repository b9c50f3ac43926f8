import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defaultPolicy, kvTypes, policyNames } from '../../extension/protocol/policies.ts';
import { policySchema } from '../../extension/protocol/policies.ts';

const setting = z.object({
  default: z.string(),
  enum: z.array(z.string()),
  enumDescriptions: z.array(z.string()),
  enumItemLabels: z.array(z.string()).optional(),
});
const manifestSchema = z.object({
  contributes: z.object({
    configuration: z.object({
      properties: z.object({ 'loci.policy': setting, 'loci.kvType': setting }),
    }),
  }),
});

describe('the settings', () => {
  it('list a few policies in plain words, the default first, and every storage type', async () => {
    const file = new URL('../../package.json', import.meta.url);
    const manifest = manifestSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    const { 'loci.policy': policy, 'loci.kvType': kvType } =
      manifest.contributes.configuration.properties;
    expect(policy.default).toBe(defaultPolicy);
    expect(policy.enum[0]).toBe(defaultPolicy);
    expect(policy.enum.length).toBeLessThanOrEqual(6);
    const known: readonly string[] = policyNames;
    expect(policy.enum.filter((name) => !known.includes(name))).toEqual([]);
    expect(policy.enumDescriptions).toHaveLength(policy.enum.length);
    expect(policy.enumItemLabels).toHaveLength(policy.enum.length);
    for (const label of policy.enumItemLabels ?? []) expect(label).toMatch(/^[A-Z][a-z]+/u);
    expect(kvType.enum).toEqual([...kvTypes]);
    expect(kvType.enumDescriptions).toHaveLength(kvTypes.length);
  });

  it('accept every policy, listed or not', () => {
    for (const name of policyNames) expect(policySchema.safeParse(name).success).toBe(true);
  });
});
