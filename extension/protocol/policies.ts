/** The eviction policies, and how keys and values are stored. */

import { z } from 'zod';
import type { Immutable } from './message.ts';

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
export const policySchema = z.enum(policyNames);

/** The policy used when none is chosen. */
export const defaultPolicy: PolicyName = 'default';

/** What a memory may be refined with: ours by a repetition's attention, and KVzip as published. */
export const refinePolicyNames = ['default', 'kvzip', 'kvzip-plus'] as const;
export type RefinePolicyName = (typeof refinePolicyNames)[number];

/**
 * The sentence for a value that is none of a setting's choices.
 * @param kind the choice with its article, e.g. `a policy`
 */
export function notAChoice(value: unknown, kind: string, choices: readonly string[]): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? null);
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  const last = choices.at(-1) ?? '';
  const listed = choices.length > 1 ? `${choices.slice(0, -1).join(', ')} or ${last}` : last;
  return `"${shown}" is not ${kind}. Choose ${listed}.`;
}

export const policyParametersSchema = z.record(z.string(), z.string());
/** Overrides of a preset, as written: words or numbers. */
export type PolicyParameters = Immutable<z.infer<typeof policyParametersSchema>>;

/** A preset, and what stands in place of its own parameters. */
export interface ChosenPolicy {
  readonly name: PolicyName;
  readonly parameters: PolicyParameters;
}

/** What keys and values are stored as: 16, 8.5 and 4.5 bits a value. */
export const kvTypes = ['f16', 'q8_0', 'q4_0'] as const;
export type KvType = (typeof kvTypes)[number];
export const kvTypeSchema = z.enum(kvTypes);
