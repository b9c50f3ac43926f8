/** The eviction policies, and how keys and values are stored. */

/** Every preset of the engine, in the order in which they are listed. */
export const policyNames = [
  'default',
  'random',
  'streaming',
  'h2o',
  'tova',
  'snapkv',
  'adakv',
  'keydiff',
  'knorm',
  'expected',
  'lagkv',
  'ahakv',
  'criticalkv',
  'laprox',
  'defensive',
  'layer-defensive',
  'pyramid',
  'cake',
  'kvzip',
  'kvzip-plus',
  'full',
] as const;
export type PolicyName = (typeof policyNames)[number];

/** What is kept where nobody chose. */
export const defaultPolicy: PolicyName = 'default';

/** What a memory may be refined with: ours by a repetition's attention, and KVzip as published. */
export const refinePolicyNames = ['default', 'kvzip', 'kvzip-plus'] as const;
export type RefinePolicyName = (typeof refinePolicyNames)[number];

/** Overrides of a preset, as written: words or numbers. */
export type PolicyParameters = Readonly<Record<string, string>>;

/** A preset, and what stands in place of its own parameters. */
export interface ChosenPolicy {
  readonly name: PolicyName;
  readonly parameters: PolicyParameters;
}

/** What keys and values are stored as: 16, 8.5 and 4.5 bits a value. */
export const kvTypes = ['f16', 'q8_0', 'q4_0'] as const;
export type KvType = (typeof kvTypes)[number];
